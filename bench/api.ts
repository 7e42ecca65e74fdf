// Benchmark of the HTTP API on an installation of 10,000 VMs: every list under load, over HTTPS, to a server in a process
// of its own: npm run bench:api --  [--json FILE] [--vms N] [--runs N] [--requests N] [--at-once N]
// [--data FOLDER] [--only TEXT: operations that contain it] [--profile FOLDER: of the server's CPU].
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HttpsClient } from '@leeward/platform';
import { cpuMsOfTree } from './api-cpu.ts';
import { fill } from './api-fill.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    vms: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '50' },
    requests: { type: 'string', default: '200' },
    'at-once': { type: 'string', default: '8' },
    data: { type: 'string' },
    only: { type: 'string', default: '' },
    profile: { type: 'string' },
  },
});
const goalMs = 300;
const atOnce = Number(values['at-once']);
const requests = Number(values.requests);

/** Each with its filters as users set them, from the first page to a page in the middle. */
const operations = [
  '/vms',
  '/vms?limit=500',
  '/vms?find=vm-04',
  '/vms?protection=late&withinHours=24',
  '/vms?protection=never&templates=false',
  '/vms?job=job%20042',
  '/vms?datastore=nfs-0-7',
  '/vms?array=dr',
  '/vms/counts?withinHours=24',
  '/topology',
  '/topology?find=nfs-1-3',
  '/topology?vm=vm-04711',
  '/topology/relations',
  '/runs',
  '/runs?limit=500',
  '/runs?job=job%20042',
  '/runs?state=partly&since=2026-01-20T00:00:00Z',
  '/runs/run-42-49',
  '/points',
  '/points?limit=500',
  '/points?vm=vm-04711',
  '/points?find=vm-047',
  '/points?job=job%20042&since=2026-01-20T00:00:00Z',
  '/jobs',
  '/jobs/job-42',
  '/repositories/usage',
  '/audit',
  '/audit?caller=user-7&limit=500',
  '/vcenters',
  '/arrays',
] as const;

interface Measured {
  readonly operation: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly bytes: number;
  readonly perSecond: number;
  /** Of server and database, per request: what a machine under load does not change. */
  readonly cpuMs: number;
}

interface Reached {
  readonly url: string;
  readonly fingerprint: string;
  readonly token: string;
}

async function measure(
  client: HttpsClient,
  { token, pid }: { readonly token: string; readonly pid: number },
  operation: string,
): Promise<Measured> {
  const times: number[] = [];
  let left = requests;
  let bytes = 0;
  const began = performance.now();
  const cpuBefore = cpuMsOfTree(pid);
  const work = async () => {
    while (left-- > 0) {
      const start = performance.now();
      const headers = { authorization: `Bearer ${token}` };
      const answer = await client.request({ method: 'GET', path: `/api/v1${operation}`, headers });
      const text = await answer.body.text();
      times.push(performance.now() - start);
      if (answer.statusCode !== 200) throw new Error(`${operation}: ${answer.statusCode} ${text}`);
      bytes = text.length;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const wallS = (performance.now() - began) / 1_000;
  const cpuMs = (cpuMsOfTree(pid) - cpuBefore) / times.length;
  const sorted = times.toSorted((a, b) => a - b);
  const part = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    operation,
    p50: part(0.5),
    p95: part(0.95),
    p99: part(0.99),
    bytes,
    perSecond: times.length / wallS,
    cpuMs,
  };
}

function line({ operation, p50, p95, p99, bytes, perSecond, cpuMs }: Measured): string {
  const verdict = p95 <= goalMs ? 'holds ' : 'MISSED';
  const figures = [p50, p95, p99].map((ms) => ms.toFixed(0).padStart(6)).join(' ');
  return `${verdict} ${figures} ms ${perSecond.toFixed(0).padStart(6)}/s ${(bytes / 1024).toFixed(0).padStart(6)} KiB ${cpuMs.toFixed(1).padStart(6)} ms CPU  ${operation}`;
}

const folder = values.data ?? mkdtempSync(join(tmpdir(), 'leeward-bench-api-'));
try {
  const order = { vms: Number(values.vms), jobs: 100, runsPerJob: Number(values.runs), pointsPerVm: 7 };
  const began = performance.now();
  // A data folder that is given is filled once, and stays.
  const isFilled = existsSync(join(folder, 'filled'));
  if (!isFilled) await fill(folder, order);
  writeFileSync(join(folder, 'filled'), '');
  const points = order.vms * order.pointsPerVm;
  console.log(
    `${order.vms} VMs, ${order.jobs} jobs, ${order.jobs * order.runsPerJob} runs, ${points} points, filled in ` +
      `${((performance.now() - began) / 1_000).toFixed(0)} s; ${requests} requests of each, ${atOnce} at once`,
  );
  const profiling = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const server = fork(fileURLToPath(new URL('api-serve.ts', import.meta.url)), [folder], {
    execArgv: ['--conditions=source', ...profiling],
  });
  const [reached] = (await once(server, 'message')) as [Reached];
  const trust = { kind: 'fingerprint', sha256: reached.fingerprint } as const;
  const client = new HttpsClient({ origin: reached.url, trust, maxConnections: atOnce });
  console.log('          p50    p95    p99');
  const measured: Measured[] = [];
  for (const operation of operations.filter((each) => each.includes(values.only))) {
    measured.push(await measure(client, { token: reached.token, pid: server.pid ?? 0 }, operation));
    console.log(line(measured.at(-1) as Measured));
  }
  await client.close();
  server.disconnect();
  await once(server, 'exit');
  const worst = Math.max(...measured.map(({ p95 }) => p95));
  console.log(`${worst <= goalMs ? 'holds ' : 'MISSED'} worst p95 ${worst.toFixed(0)} ms (<= ${goalMs})`);
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ node: process.version, order, measured }, null, 2)}\n`);
} finally {
  if (values.data === undefined) rmSync(folder, { recursive: true, force: true });
}
