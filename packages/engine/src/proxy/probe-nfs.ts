import { LeewardError, reportOf } from '@leeward/core';
import { connectNfs, listNfsExports, type NfsOptions } from '@leeward/transports';
import type { ProbeExport, ProbePort } from './probe.ts';
import { tryExport } from './probe-export.ts';
import { isRefusal, type PortFinding, type ProbeTools, probeWaitMs, sourceTowards } from './probe-tools.ts';

const defaultNfsPort = 2049;
const maxExports = 8;

type Address = Omit<NfsOptions, 'exportPath'>;

/**
 * Mounts exports of the port until one can be read. Exports that refuse this proxy leave the port reached: the rule
 * that admits it is made when a storage snapshot is shown to it. Throws when the port does not serve NFS to anybody.
 */
export async function probeNfs(
  tools: ProbeTools,
  port: ProbePort,
  signal: AbortSignal,
): Promise<PortFinding> {
  const { clock, randomness } = tools;
  const { address, nfsPort, mountPort } = port;
  const sourceAddress = await sourceOf(tools, port, signal);
  const options = {
    ...{ addresses: [address], nfsPort, mountPort, clock, randomness, connections: 1 },
    ...{ callTimeoutMs: probeWaitMs, giveUpAfterMs: probeWaitMs },
  };
  const exports = await exportsOf(port, options, signal);
  let best: PortFinding | undefined;
  let refusal: LeewardError | undefined;
  for (const each of exports) {
    const outcome = await mountAndRead(options, each, signal);
    if (outcome instanceof LeewardError) refusal ??= outcome;
    else if (outcome.proved === 'read') return { ...outcome, sourceAddress };
    else best ??= outcome;
  }
  const answers = 'NFS and MOUNT answer';
  const finding: PortFinding = best ?? {
    reached: true,
    proved: 'connected',
    ...(refusal
      ? {
          refused: refusal.code,
          text: `${answers}, but none of the exports tried (${exports.length}) admits this proxy now: ${reportOf(refusal).what}`,
        }
      : { text: `${answers}, no export is shown now` }),
  };
  return { ...finding, sourceAddress };
}

/** Where the proxy comes from is told by the connection to NFS itself; elsewhere than by default it may listen. */
async function sourceOf(
  tools: ProbeTools,
  { address, nfsPort }: ProbePort,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await sourceTowards(tools, address, nfsPort ?? defaultNfsPort, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (nfsPort !== undefined) throw error;
    return undefined;
  }
}

/** Those of the inventory first, replicas before others; a server may not want to list what it has. */
async function exportsOf(
  port: ProbePort,
  options: Address,
  signal: AbortSignal,
): Promise<readonly ProbeExport[]> {
  const known = port.exports ?? [];
  const listed = await listNfsExports(options, signal).catch((error: unknown) => {
    if (error instanceof LeewardError && isRefusal(error.code)) return [];
    throw error;
  });
  const paths = new Set(known.map(({ path }) => path));
  const others = listed.filter(({ path }) => !paths.has(path)).map(({ path }) => ({ path, replica: false }));
  return [...known, ...others].slice(0, maxExports);
}

/** A refusal of this one export is returned; what speaks against the whole port is thrown. */
async function mountAndRead(
  options: Address,
  { path, replica }: ProbeExport,
  signal: AbortSignal,
): Promise<PortFinding | LeewardError> {
  let mount: Awaited<ReturnType<typeof connectNfs>>;
  try {
    mount = await connectNfs({ ...options, exportPath: path }, signal);
  } catch (error) {
    if (error instanceof LeewardError && isRefusal(error.code)) return error;
    throw error;
  }
  try {
    return await tryExport(mount, path, replica, signal);
  } finally {
    await mount.close();
  }
}
