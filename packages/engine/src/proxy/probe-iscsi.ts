import { isError, LeewardError, reportOf } from '@leeward/core';
import { chapCredentials } from '@leeward/mover';
import { discoverTargets, reportLuns } from '@leeward/transports/iscsi/initiator/discovery';
import {
  type ChapCredentials,
  openIscsiLun,
  type TargetOptions,
} from '@leeward/transports/iscsi/initiator/open-iscsi-lun';
import { chapLoginOf } from '../systems/chap-login.ts';
import type { ProbePort } from './probe.ts';
import { type PortFinding, type ProbeTools, probeWaitMs, sourceTowards } from './probe-tools.ts';

const defaultIscsiPort = 3260;
const maxTargets = 4;
const maxLuns = 2;

type Session = Omit<TargetOptions, 'targetName'>;

/**
 * Discovery, login to the targets that the portal shows, and one read of a LUN where one is mapped. That no target is
 * shown, or that one does not let this initiator in, leaves the port reached: access is given when a storage snapshot
 * is shown to the proxy. Throws for all else, a refusal of the CHAP login included.
 */
export async function probeIscsi(
  tools: ProbeTools,
  port: ProbePort,
  initiatorName: string | undefined,
  signal: AbortSignal,
): Promise<PortFinding> {
  if (initiatorName === undefined)
    throw new LeewardError('L-BLK-115', { problem: 'no initiator name is given' });
  const { clock, randomness } = tools;
  const { address, iscsiPort = defaultIscsiPort } = port;
  const chap = await chapOf(tools, port.arraySerial);
  const sourceAddress = await sourceTowards(tools, address, iscsiPort, signal);
  const session: Session = {
    ...{ portals: [{ host: address, port: iscsiPort }], initiatorName, chap, clock, randomness },
    timeouts: { connectMs: probeWaitMs, loginMs: probeWaitMs, commandMs: probeWaitMs },
  };
  return { ...(await tryPortal(session, signal)), sourceAddress };
}

async function tryPortal(session: Session, signal: AbortSignal): Promise<PortFinding> {
  const { initiatorName } = session;
  const targets = await discoverTargets(session, signal).catch(asAccessDenied);
  if (targets instanceof LeewardError) return answering(targets);
  if (targets.length === 0)
    return {
      ...connected,
      text: `iSCSI answers; no target is shown to ${initiatorName} now, as no LUN is mapped to it`,
    };
  let login: PortFinding | undefined;
  const problems: LeewardError[] = [];
  for (const { targetName } of targets.slice(0, maxTargets)) {
    const outcome = await tryTarget({ ...session, targetName }, signal);
    if (outcome instanceof LeewardError) problems.push(outcome);
    else if (outcome.proved === 'read') return outcome;
    else login ??= outcome;
  }
  if (login) return login;
  const worst = problems.find((problem) => !deniesAccess(problem)) ?? problems[0];
  return asAccessDenied(worst).then(answering);
}

const connected = { reached: true, proved: 'connected' } as const;

function answering(refusal: LeewardError): PortFinding {
  return { ...connected, refused: refusal.code, text: `iSCSI answers, but: ${reportOf(refusal).what}` };
}

/** Access control denies it now, and may not once a LUN is mapped. */
function deniesAccess(error: unknown): error is LeewardError {
  return isError(error, 'L-BLK-105') || isError(error, 'L-BLK-106');
}

/** Access control's answer as a value; all else is thrown. */
async function asAccessDenied(error: unknown): Promise<LeewardError> {
  if (deniesAccess(error)) return error;
  throw error;
}

/** Why the login to this target failed is returned, as others may work. */
async function tryTarget(options: TargetOptions, signal: AbortSignal): Promise<PortFinding | LeewardError> {
  const { targetName, initiatorName } = options;
  const luns = await lunsOf(options, signal);
  if (luns instanceof LeewardError) return luns;
  const login = { reached: true, proved: 'login' } as const;
  let problem: LeewardError | undefined;
  for (const lun of luns.slice(0, maxLuns)) {
    const read = await readBlock(options, lun, signal);
    if (!(read instanceof LeewardError))
      return {
        reached: true,
        proved: 'read',
        text: `login to ${targetName} works, ${read} bytes of LUN ${lun} were read`,
      };
    problem ??= read;
  }
  if (!problem)
    return { ...login, text: `login to ${targetName} works, no LUN is mapped to ${initiatorName} now` };
  const text = `login to ${targetName} works, but a LUN cannot be read: ${reportOf(problem).what}`;
  return { ...login, refused: problem.code, text };
}

async function lunsOf(
  options: TargetOptions,
  signal: AbortSignal,
): Promise<readonly number[] | LeewardError> {
  try {
    return await reportLuns(options, signal);
  } catch (error) {
    signal.throwIfAborted();
    // After a login that went well: there is just no LUN to ask.
    if (isError(error, 'L-BLK-201')) return [];
    if (error instanceof LeewardError) return error;
    throw error;
  }
}

/** One block from the start of the LUN, or why not: it may just be withdrawn. */
async function readBlock(
  options: TargetOptions,
  lun: number,
  signal: AbortSignal,
): Promise<number | LeewardError> {
  try {
    const one = { lun, sessions: 1, readsInFlight: 1, giveUpAfterMs: probeWaitMs };
    const opened = await openIscsiLun({ ...options, ...one }, signal);
    try {
      const block = new Uint8Array(opened.blockBytes);
      await opened.read(0, block, signal);
      return block.length;
    } finally {
      await opened.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LeewardError) return error;
    throw error;
  }
}

async function chapOf({ store }: ProbeTools, arraySerial: string): Promise<ChapCredentials | undefined> {
  const login = await chapLoginOf(store, (await store.systems.get(arraySerial)).settings);
  return login && chapCredentials(login);
}
