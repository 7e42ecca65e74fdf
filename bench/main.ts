// Benchmark against stock restic on the same image, in rotation, in one run: node bench/main.ts [--json FILE]
// [--size GIB] [--rounds N] [--dir FOLDER]. Environment: LEEWARD_BENCH_RESTIC names another restic.
import { execFileSync } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Area, makeFirstState, makeSecondState, sameContent } from './image.ts';
import { folderBytes, type Measured, measure, median } from './measure.ts';
import { proxyMemory } from './proxy-memory.ts';
import { printReport, type Sample, type Steps, summary } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    size: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    dir: { type: 'string', default: tmpdir() },
    workers: { type: 'string', default: String(Math.min(availableParallelism(), 4)) },
  },
});
const sizeBytes = Math.round(Number(values.size) * 1024) * 2 ** 20;
const restic = process.env['LEEWARD_BENCH_RESTIC'] ?? 'restic';
const password = 'benchmark';
const work = mkdtempSync(join(values.dir, 'leeward-bench-'));
const [first, second, live] = ['first', 'second', 'live'].map((name) => join(work, `${name}.raw`)) as [
  string,
  string,
  string,
];

interface Tool {
  readonly name: string;
  init(): Promise<unknown>;
  full(): Promise<Measured>;
  incremental(changed: readonly Area[]): Promise<Measured>;
  /** Restores the second state; gives the path of the restored disk. */
  restore(): Promise<Measured & { readonly path: string }>;
  readonly repository: string;
}

const ours: Tool = {
  name: 'leeward',
  repository: join(work, 'repository-leeward'),
  init: () => step('init'),
  full: () => step('full'),
  incremental: (changed) => step('incremental', changed),
  restore: async () => ({ ...(await step('restore')), path: join(work, 'target', 'disk-flat.vmdk') }),
};

const stock: Tool = {
  name: 'restic',
  repository: join(work, 'repository-restic'),
  init: () => runRestic('init'),
  full: () => runRestic('backup', live),
  incremental: () => runRestic('backup', live),
  restore: async () => {
    const target = join(work, 'target');
    return { ...(await runRestic('restore', 'latest', '--target', target)), path: join(target, live) };
  },
};

function runRestic(...args: string[]): Promise<Measured> {
  const cache = join(work, 'cache');
  return measure(restic, ['-q', '-r', stock.repository, '--cache-dir', cache, ...args], {
    RESTIC_PASSWORD: password,
  });
}

function step(name: string, changed?: readonly Area[]): Promise<Measured> {
  const given = {
    repository: ours.repository,
    password,
    image: live,
    sizeBytes,
    target: join(work, 'target'),
    checkpoint: join(work, 'checkpoint'),
    workers: Number(values.workers),
    changed,
  };
  const script = fileURLToPath(new URL('ours.ts', import.meta.url));
  const options = (process.env['LEEWARD_BENCH_NODE_OPTIONS'] ?? '')
    .split(' ')
    .filter((option) => option !== '');
  // As the server starts the proxy.
  const env = {
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '8388608',
    MALLOC_TRIM_THRESHOLD_: '4194304',
  };
  return measure(process.execPath, [...options, script, name, JSON.stringify(given)], env);
}

function swap(state: string): void {
  rmSync(live, { force: true });
  linkSync(state, live);
}

/** Both tools do each step right after each other, so that what else the machine does hits both alike. */
async function round(order: readonly Tool[], changed: readonly Area[]): Promise<Map<Tool, Sample>> {
  rmSync(join(work, 'cache'), { recursive: true, force: true });
  for (const tool of order) {
    rmSync(tool.repository, { recursive: true, force: true });
    await tool.init();
  }
  swap(first);
  const full = await inTurn(order, (tool) => tool.full());
  const fullBytes = await inTurn(order, async (tool) => folderBytes(tool.repository));
  swap(second);
  const incremental = await inTurn(order, (tool) => tool.incremental(changed));
  const restore = await inTurn(order, async (tool) => {
    rmSync(join(work, 'target'), { recursive: true, force: true });
    mkdirSync(join(work, 'target'));
    settle();
    const restored = await tool.restore();
    if (!(await sameContent(restored.path, second))) throw new Error(`${tool.name} restored something else`);
    return restored;
  });
  const sampleOf = (tool: Tool): Sample => {
    const before = of(fullBytes, tool);
    const grownBytes = folderBytes(tool.repository) - before;
    return {
      full: of(full, tool),
      incremental: of(incremental, tool),
      restore: of(restore, tool),
      fullBytes: before,
      grownBytes,
    };
  };
  return new Map(order.map((tool) => [tool, sampleOf(tool)]));
}

async function inTurn<T>(order: readonly Tool[], work: (tool: Tool) => Promise<T>): Promise<Map<Tool, T>> {
  const results = new Map<Tool, T>();
  for (const tool of order) {
    settle();
    results.set(tool, await work(tool));
  }
  return results;
}

function of<T>(results: ReadonlyMap<Tool, T>, tool: Tool): T {
  const result = results.get(tool);
  if (result === undefined) throw new Error(`${tool.name} has no result`);
  return result;
}

/** What one step left to be written must not slow down the next. */
function settle(): void {
  execFileSync('sync');
}

async function main(): Promise<void> {
  const version = execFileSync(restic, ['version'], { encoding: 'utf8' }).trim();
  console.log(`image of ${values.size} GiB, ${values.rounds} rounds, peer: ${version}`);
  await makeFirstState(first, sizeBytes);
  copyFileSync(first, second);
  const changed = await makeSecondState(second, sizeBytes);
  const changedBytes = changed.reduce((sum, area) => sum + area.lengthBytes, 0);
  console.log(`changed at 64 KiB: ${((changedBytes / sizeBytes) * 100).toFixed(1)} %`);
  const samples: Record<string, Sample[]> = { leeward: [], restic: [] };
  for (let number = 0; number < Number(values.rounds); number++) {
    const order = number % 2 === 0 ? [stock, ours] : [ours, stock];
    for (const [tool, sample] of await round(order, changed)) {
      samples[tool.name]?.push(sample);
      const line = (['full', 'incremental', 'restore'] satisfies (keyof Steps)[])
        .map((name) => `${name} ${sample[name].wallS.toFixed(2)} s, CPU ${sample[name].cpuS.toFixed(2)} s`)
        .join('; ');
      console.log(`round ${number + 1} ${tool.name}: ${line}`);
    }
  }
  const proxy = await proxyMemory(join(work, 'demo.json'));
  const report = summary(samples['leeward'] ?? [], samples['restic'] ?? [], sizeBytes, proxy, median);
  printReport(report);
  if (values.json) {
    const facts = {
      peer: version,
      sizeBytes,
      rounds: Number(values.rounds),
      changedBytes,
      node: process.version,
    };
    writeFileSync(values.json, `${JSON.stringify({ ...facts, ...report, samples }, null, 2)}\n`);
  }
}

try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
