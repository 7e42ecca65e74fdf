import { LeewardError } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../flow-log.ts';
import { linear, member } from '../testing/contract-flows.ts';
import { DbosLaboratory } from '../testing/dbos-laboratory.ts';
import type { ContractHarness } from '../testing/flow-engine-contract.ts';
import { ExecutorPresence } from './executor-presence.ts';

let laboratory: DbosLaboratory;
let harness: ContractHarness | undefined;
beforeAll(async () => {
  laboratory = await DbosLaboratory.open();
});
afterEach(() => harness?.close());
afterAll(() => laboratory.close());

const marked = async (of: ContractHarness, mark: string) =>
  (await of.marks()).some((line) => line.startsWith(mark));

test('processes may start at once on an empty database', async () => {
  harness = await laboratory.harness({ template: 'template0' });
  const { engine, startProcess, until, open } = harness;
  await Promise.all(['a', 'b', 'c'].map((name) => startProcess(name, ['work'])));
  for (const id of ['one', 'two']) await engine.start(member, id, id, { queue: 'work' });
  for (const id of ['one', 'two']) await open(`${id} go`);
  await until(async () => (await engine.list({ states: ['success'] })).length === 2);
}, 120_000);

test('a PostgreSQL that dies for a few seconds: flows go on where they are, nobody is taken for dead', async () => {
  harness = await laboratory.harness({ confirmMs: 8_000 });
  const of = harness;
  await of.startProcess('a', ['work']);
  await of.startProcess('b', ['work']);
  await of.engine.start(linear, 'run', 'hello', { queue: 'work' });
  await of.until(() => marked(of, 'run second begun'));
  const [, place] = /@(\w)/.exec((await of.marks())[0] ?? '') ?? [];
  process.kill(laboratory.postgres.pid ?? 0, 'SIGKILL');
  await of.open('run go');
  await of.until(async () => (await of.engine.get('run').catch(() => undefined))?.state === 'success');
  await of.pass(2_000);
  expect(await of.marks()).toEqual(
    ['first', 'second begun', 'second ended', 'third'].map((what) => `run ${what} @${place}`),
  );
}, 120_000);

test('one name, one process: a second is refused while the first lives, and replaces it when it hangs', async () => {
  harness = await laboratory.harness();
  const { url: databaseUrl } = await laboratory.database();
  const options = {
    databaseUrl,
    executorId: 'same',
    applicationVersion: 'contract',
    clock: systemClock,
    log: silentLog,
    timing: { beatMs: 100, hungMs: 1_000, confirmMs: 500 },
  };
  const first = await ExecutorPresence.take(options);
  const refused = await ExecutorPresence.take(options).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LeewardError);
  expect(refused).toMatchObject({ code: 'L-CFG-208' });
  await first.release();
  const silent = await ExecutorPresence.take({ ...options, timing: { ...options.timing, beatMs: 600_000 } });
  const second = await ExecutorPresence.take(options);
  await second.release();
  await silent.release();
});
