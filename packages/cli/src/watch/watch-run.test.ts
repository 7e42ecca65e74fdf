import { ManualClock } from '@leeward/platform';
import type { RunView } from '@leeward/server';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ApiClient } from '../api/api-client.ts';
import { Output } from '../output/output.ts';
import { Interrupted } from '../process/interrupted.ts';
import { partlyView } from '../testing/run-views.ts';
import { exitCodeOfRun, followRun } from './watch-run.ts';

beforeEach(() => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

const running = (): RunView => {
  const { run, ...view } = partlyView();
  const { endedAt: _, ...rest } = run;
  return { ...view, run: { ...rest, state: 'running' } };
};

function apiOf(get: () => RunView): ApiClient {
  return { get: async () => get() } as unknown as ApiClient;
}

it('follows a run until it has ended', async () => {
  const views = [running(), running(), partlyView()];
  const clock = new ManualClock();
  const api = apiOf(() => views.shift() ?? partlyView());
  const followed = followRun({ api, output: new Output(true), clock }, 'r1');
  for (let polls = 0; polls < 3; polls++) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(300);
  }
  expect((await followed).run.state).toBe('partly');
});

it.each([
  [true, 'run r1 goes on: `leeward run watch r1` follows it'],
  [false, 'run r1 stops with the server of this command and goes on with the next one'],
])('says what goes on when the user stops watching (lasting server: %s)', async (lasting, text) => {
  const controller = new AbortController();
  const api = apiOf(() => {
    controller.abort(new Interrupted());
    return running();
  });
  const tools = {
    api,
    output: new Output(true),
    clock: new ManualClock(),
    signal: controller.signal,
    lasting,
  };
  const followed = followRun(tools, 'r1');
  await expect(followed).rejects.toThrow(Interrupted);
  await expect(followed).rejects.toThrow(text);
});

it('ends a command by the state of its run', () => {
  const states = ['success', 'partly', 'failed', 'cancelled'] as const;
  expect(states.map(exitCodeOfRun)).toEqual([0, 3, 1, 130]);
});
