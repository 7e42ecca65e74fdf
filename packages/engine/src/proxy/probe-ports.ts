import { connect } from 'node:net';
import { isoTime, type ReachProof, reportOf } from '@leeward/core';
import { listNfsExports } from '@leeward/transports';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { type ProbeInput, type ProbePort, probeFlow } from './probe.ts';
import type { ProxyDeps } from './proxy-deps.ts';

const nfsPort = 2049;
const timeoutMs = 5_000;

/** Tries every port side by side; what cannot be reached is a result, not an error. */
export function probeDefinition(deps: ProxyDeps): FlowDefinition<ProbeInput, ReachProof[]> {
  return {
    ...probeFlow,
    run: (context, { ports }) =>
      context.steps(
        ports.map((port) => ({
          name: `probe ${port.address}`,
          timeoutMs: 60_000,
          work: (signal: AbortSignal) => probePort(deps, port, signal),
        })),
        8,
      ),
  };
}

/** The port counts as reached when a connection to NFS stands and the MOUNT service answers. */
async function probePort(deps: ProxyDeps, port: ProbePort, signal: AbortSignal): Promise<ReachProof> {
  const { arraySerial, address, protocol } = port;
  const base = { arraySerial, address, protocol, checkedAt: isoTime(deps.clock.now()) };
  try {
    const sourceAddress = await connectedFrom(address, port.nfsPort ?? nfsPort);
    const options = { addresses: [address], nfsPort: port.nfsPort, mountPort: port.mountPort };
    const tools = { clock: deps.clock, randomness: deps.randomness };
    const exported = await listNfsExports(
      { ...options, ...tools, giveUpAfterMs: timeoutMs, callTimeoutMs: timeoutMs },
      signal,
    );
    return { ...base, reached: true, sourceAddress, text: `NFS answers, ${exported.length} export(s) shown` };
  } catch (error) {
    signal.throwIfAborted();
    return { ...base, reached: false, text: reportOf(error).what };
  }
}

function connectedFrom(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    socket.once('connect', () => {
      const { localAddress = '' } = socket;
      socket.destroy();
      resolve(localAddress);
    });
    socket.once('timeout', () => socket.destroy(new Error(`no answer from ${host}:${port}`)));
    socket.once('error', reject);
  });
}
