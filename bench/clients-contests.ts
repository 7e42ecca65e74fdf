import {
  type Contest,
  type Contestant,
  iscsiPerf,
  nfsCat,
  ours,
  qemuBench,
  readBytes,
} from './clients-contest.ts';
import type { ReadOrder } from './clients-read.ts';

/** A server, as clients reach it. */
export interface Place {
  readonly name: string;
  /** Starts a program where it sees the server. */
  readonly prefix: readonly string[];
  /** All but what one read asks for. */
  readonly order: ReadOrder;
  /** NFS: the largest READ of the server. */
  readonly largestBytes: number;
  /** Whether qemu-img finds the server, which knows only the standard ports of NFS. */
  readonly standardPorts: boolean;
}

/** How often all is read in a turn: long enough that the start of a client does not count. */
const passes = 4;
/** Of the turns of clients that can be told a time, as `iscsi-perf` must be. */
const turnSeconds = 4;
/** Of ours, before each turn: after a second and a half of READs of 64 KiB all that counts is compiled. */
export const warmUpSeconds = 2;
/** Of `iscsi-perf` and `qemu-img`. */
const depth = 16;
const cpuSPerGib = 0.5;
const mib = 2 ** 20;
/**
 * Pieces of 2 MiB, two under way, on and on: the client makes of them what it thinks best. Under way is as much as the
 * peer of iSCSI has, 16 READs of 256 KiB.
 */
const asTheMover = { readBytes: 2 * mib, readsInFlight: 2, seconds: turnSeconds, warmUpSeconds };

/**
 * `iscsi-perf` knows one session, so ours with one and with two compete with the same. Two processes of it, each with
 * a session, would have two cores. Where the target has several portals ours spreads its sessions over them.
 * The peer has 16 READs of 256 KiB under way, as the reference (`datapath.md`) had; it with READs as large as those that
 * ours chooses is shown too.
 * Ours and `iscsi-perf` have turns of the same length: the start of a connection is slower, and counts less in long ones.
 */
export function iscsiContest(place: Place, imageBytes: number, has: (program: string) => boolean): Contest {
  const { prefix, order } = place;
  const url = `iscsi://127.0.0.1:${order.port}/${order.targetName}/${order.lun}`;
  const each = { ...order, ...asTheMover };
  const contestants: Contestant[] = [
    ...(has('iscsi-perf')
      ? [
          iscsiPerf('iscsi-perf', url, prefix, { depth, readBytes, seconds: turnSeconds }),
          iscsiPerf('iscsi-perf, 8 x 512 KiB', url, prefix, {
            depth: depth / 2,
            readBytes: 2 * readBytes,
            seconds: turnSeconds,
          }),
        ]
      : []),
    ours('ours, 1 session', { ...each, sessions: 1 }, prefix),
    ours('ours, 2 sessions', { ...each, sessions: 2 }, prefix),
    ...(has('qemu-img')
      ? [qemuBench('qemu-img bench', url, prefix, { bytes: passes * imageBytes, readBytes, depth })]
      : []),
  ];
  const goals = new Map([
    ['ours, 1 session', { atLeastTimes: 0.9, cpuSPerGib }],
    ['ours, 2 sessions', { atLeastTimes: 1, cpuSPerGib }],
  ]);
  return { name: place.name, contestants, goals };
}

export function nfsContest(place: Place, imageBytes: number, has: (program: string) => boolean): Contest {
  const { prefix, order, largestBytes } = place;
  const path = `${order.exportPath}/${order.path}`;
  const ports = `version=3&nfsport=${order.port}&mountport=${order.mountPort}`;
  // `nfs-cat` ends with the file, in each process.
  const each = { ...order, ...asTheMover };
  const contestants: Contestant[] = [
    ...(has('nfs-cat') ? [nfsCat(`nfs://127.0.0.1${path}?${ports}`, prefix, imageBytes, passes)] : []),
    ours('ours', each, prefix),
    ours('ours, 1 connection', { ...each, connections: 1 }, prefix),
    ...(has('qemu-img') && place.standardPorts
      ? [
          qemuBench('qemu-img bench', `nfs://127.0.0.1${path}`, prefix, {
            bytes: passes * imageBytes,
            readBytes: largestBytes,
            depth: Math.max(8, Math.min(64, (4 * mib) / largestBytes)),
          }),
        ]
      : []),
  ];
  return { name: place.name, contestants, goals: new Map([['ours', { atLeastTimes: 0.8, cpuSPerGib }]]) };
}
