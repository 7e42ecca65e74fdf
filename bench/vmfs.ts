// Benchmark of the VMFS reader: the extents of 1,000 files on a sparse volume of 16 TiB (two LUNs of 8 TiB, since
// ext4 has no file of 16 TiB): node bench/vmfs.ts [--json FILE] [--files N] [--rounds N] [--dir FOLDER].
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nodeCommand } from './clients-contest.ts';
import { runTimed } from './clients-run.ts';
import { median } from './measure.ts';
import type { Found } from './vmfs-find.ts';
import type { MakeOrder } from './vmfs-make.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    files: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    dir: { type: 'string', default: tmpdir() },
  },
});
const lunBytes = 8 * 2 ** 40;
const work = mkdtempSync(join(values.dir, 'leeward-bench-vmfs-'));
const paths = [join(work, 'lun-0.raw'), join(work, 'lun-1.raw')];

function runScript(name: string, ...args: string[]): Promise<{ readonly stdout: string }> {
  return runTimed([...nodeCommand, fileURLToPath(new URL(name, import.meta.url)), ...args]);
}

async function main(): Promise<void> {
  const order: MakeOrder = { paths, lunBytes, files: Number(values.files) };
  await runScript('vmfs-make.ts', JSON.stringify(order));
  const usedMib = paths.reduce((sum, path) => sum + (statSync(path).blocks * 512) / 2 ** 20, 0);
  const rounds: Found[] = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const found: Found = JSON.parse((await runScript('vmfs-find.ts', ...paths)).stdout);
    if (found.files !== order.files) throw new Error(`${found.files} files instead of ${order.files}`);
    rounds.push(found);
  }
  const wallS = median(rounds.map((found) => found.wallS));
  const grownMib = Math.max(...rounds.map((found) => found.grownMib));
  const [{ extents = 0, sizeBytes = 0, bytesRead = 0, reads = 0 } = {}] = rounds;
  console.log(
    `${order.files} files with ${extents} extents over ${(sizeBytes / 2 ** 40).toFixed(1)} TiB, on 16 TiB ` +
      `(${usedMib.toFixed(0)} MiB used); ${reads} reads, ${(bytesRead / 2 ** 20).toFixed(1)} MiB`,
  );
  const cpuS = median(rounds.map((found) => found.cpuS));
  const verdict = (holds: boolean) => (holds ? 'holds ' : 'MISSED');
  console.log(`${verdict(wallS <= 3)} wall ${wallS.toFixed(2)} s (<= 3), CPU ${cpuS.toFixed(2)} s`);
  console.log(`${verdict(grownMib <= 64)} resident memory + ${grownMib.toFixed(0)} MiB at its peak (<= 64)`);
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ node: process.version, rounds }, null, 2)}\n`);
}

try {
  await main();
} finally {
  rmSync(work, { recursive: true, force: true });
}
