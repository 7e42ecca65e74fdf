import { LeewardError } from '@leeward/core';
import { RunLog } from '@leeward/engine/store/run-log';
import { openStoreOfTests } from '@leeward/engine/store/testing/store-of-tests';
import { systemClock } from '@leeward/platform';
import { expect, it } from 'vitest';
import { createLogger, flowLog } from './logger.ts';

function logged() {
  const lines: string[] = [];
  const logger = createLogger('server', 'debug', { write: (line: string) => void lines.push(line) });
  return { logger, lines, parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

it('cuts secrets out of fields at every depth, of texts and of errors', () => {
  const { logger, lines } = logged();
  const secret = 'hunter2-Zq9';
  const error = new LeewardError('L-CFG-203', { host: 'db', reason: `password=${secret}` });
  logger.info({ password: secret, a: { b: { c: [{ csrfToken: secret }] } }, headers: { cookie: secret } });
  logger.info({ url: `postgres://ann:${secret}@db/leeward` }, `authorization: Bearer ${secret}`);
  logger.error(error, `it failed: password: ${secret}`);
  logger.error({ err: Object.assign(new Error(`https://u:${secret}@host/`), { token: secret }) });
  logger.warn(`DATABASE_URL=postgres://ann:${secret}@db/leeward`);
  flowLog(logger).warn('x', { error: String(error), newPassword: secret });
  logger.child({ authorization: secret, deep: { password: secret } }).info('child');
  expect(lines).toHaveLength(7);
  for (const line of lines) expect(line).not.toContain(secret);
  expect(lines.join('')).toContain('L-CFG-203');
});

it('says of runs which run, VM and step it is about', async () => {
  const tests = await openStoreOfTests();
  const { logger, parsed } = logged();
  const log = new RunLog(tests.db, systemClock, flowLog(logger));
  const runId = '20261126T120000Z-abcd';
  await tests.store.runs.add({ id: runId, jobId: 'j', kind: 'backup', startedAt: '2026-11-26T12:00:00Z' });
  await log.step(runId, ['vc/a'], 'read', async () => undefined);
  const failing = log.step(runId, ['vc/a', 'vc/b'], 'freeze', async () => {
    throw new LeewardError('L-RUN-102');
  });
  await expect(failing).rejects.toThrow();
  await log.event(runId, 'vc/a', new LeewardError('L-RUN-102'));
  await tests.close();
  const seen = parsed().map(({ msg, runId: id, vmKey, vmKeys, step, code }) => [
    msg,
    id,
    vmKey ?? vmKeys,
    step,
    code,
  ]);
  expect(seen).toEqual([
    ['step begins', runId, 'vc/a', 'read', undefined],
    ['step ended', runId, 'vc/a', 'read', undefined],
    ['step begins', runId, ['vc/a', 'vc/b'], 'freeze', undefined],
    ['step failed', runId, ['vc/a', 'vc/b'], 'freeze', 'L-RUN-102'],
    ['event of a run', runId, 'vc/a', undefined, 'L-RUN-102'],
  ]);
});
