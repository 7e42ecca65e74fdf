import { fileURLToPath } from 'node:url';
import type { Reading, ReadOrder } from './clients-read.ts';
import { runTimed } from './clients-run.ts';

/** What one client did on one server in one turn. */
export interface Outcome {
  readonly bytes: number;
  readonly wallS: number;
  readonly cpuS: number;
}

export interface Contestant {
  readonly name: string;
  run(): Promise<Outcome>;
}

/** Clients that read the same from the same server, and what ours must reach. */
export interface Contest {
  readonly name: string;
  /** The first one is the peer of all ratios. */
  readonly contestants: readonly Contestant[];
  readonly goals: ReadonlyMap<string, Goal>;
}

export interface Goal {
  /** Of the speed of the peer; none where the issue names none. */
  readonly atLeastTimes: number | undefined;
  readonly cpuSPerGib: number;
}

const reader = fileURLToPath(new URL('clients-read.ts', import.meta.url));
export const nodeCommand = [process.execPath, '--conditions=source', '--disable-warning=ExperimentalWarning'];

/** Ours, as `Reading` has it; without the start of Node and its warm-up, which a proxy does once. */
export function ours(name: string, order: ReadOrder, prefix: readonly string[] = []): Contestant {
  return { name, run: () => readOurs(order, prefix) };
}

export async function readOurs(order: ReadOrder, prefix: readonly string[]): Promise<Reading> {
  const { stdout } = await runTimed([...prefix, ...nodeCommand, reader, JSON.stringify(order)]);
  return JSON.parse(stdout);
}

/** `iscsi-perf` for some seconds, by its own count of reads. */
export function iscsiPerf(
  name: string,
  url: string,
  prefix: readonly string[],
  asked: { readonly depth: number; readonly readBytes: number; readonly seconds: number },
): Contestant {
  return {
    name,
    run: async () => {
      const { depth, readBytes, seconds } = asked;
      const sizes = ['-m', String(depth), '-b', String(readBytes / 512), '-t', String(seconds)];
      const command = ['iscsi-perf', ...sizes, url];
      const { cpuS, stdout } = await runTimed([...prefix, ...command]);
      const average = /iops average (\d+) \([^)]*\)\s*$/m.exec(
        stdout
          .replaceAll('\r', '\n')
          .trimEnd()
          .replace(/\s*finished\.$/, ''),
      )?.[1];
      if (!average) throw new Error(`iscsi-perf told no average: ${stdout.slice(-300)}`);
      return { bytes: Number(average) * readBytes * seconds, wallS: seconds, cpuS };
    },
  };
}

/** `qemu-img bench`, which times itself. */
export function qemuBench(
  name: string,
  url: string,
  prefix: readonly string[],
  size: { readonly bytes: number; readonly readBytes: number; readonly depth: number },
): Contestant {
  return {
    name,
    run: async () => {
      const count = Math.floor(size.bytes / size.readBytes);
      const step = String(size.readBytes);
      const options = [
        '-f',
        'raw',
        '-t',
        'none',
        '-c',
        String(count),
        '-d',
        String(size.depth),
        '-s',
        step,
        '-S',
        step,
      ];
      const { cpuS, stdout } = await runTimed([...prefix, 'qemu-img', 'bench', ...options, url]);
      const wallS = Number(/completed in ([\d.]+) seconds/.exec(stdout)?.[1]);
      if (!(wallS > 0)) throw new Error(`qemu-img bench told no time: ${stdout}`);
      return { bytes: count * size.readBytes, wallS, cpuS };
    },
  };
}

/** `nfs-cat` of the whole file to nowhere, again until `bytes` were read. */
export function nfsCat(url: string, prefix: readonly string[], fileBytes: number, times: number): Contestant {
  return {
    name: 'nfs-cat',
    run: async () => {
      let [wallS, cpuS] = [0, 0];
      for (let time = 0; time < times; time++) {
        const run = await runTimed([...prefix, 'nfs-cat', url], true);
        wallS += run.wallS;
        cpuS += run.cpuS;
      }
      return { bytes: fileBytes * times, wallS, cpuS };
    },
  };
}

/** Of the peers of iSCSI: as `datapath.md` has them. */
export const readBytes = 256 * 1024;
