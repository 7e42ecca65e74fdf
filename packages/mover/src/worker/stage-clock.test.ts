import { expect, it } from 'vitest';
import { StageClock } from './stage-clock.ts';

/** A thread whose work and idleness are told to it. */
function thread() {
  const times = { active: 1_000, idle: 500 };
  const clock = new StageClock(() => ({ ...times }));
  return {
    clock,
    works: (ms: number) => {
      times.active += ms;
    },
    waits: (ms: number) => {
      times.idle += ms;
    },
  };
}

it('waiting counts for what is waited for, work as work whatever is waited for meanwhile', () => {
  const { clock, works, waits } = thread();
  const work = clock.begin('source');
  waits(40);
  works(3);
  work.enter('proxy');
  works(10);
  work.enter('repository');
  works(5);
  waits(20);
  expect(work.end()).toEqual({ sourceMs: 40, proxyMs: 18, repositoryMs: 20 });
});

it('time is shared by what is in hand at once: all together they have what has passed', () => {
  const { clock, works, waits } = thread();
  const first = clock.begin('repository');
  waits(10);
  const second = clock.begin('source');
  waits(30);
  works(8);
  expect(first.end()).toEqual({ sourceMs: 0, proxyMs: 4, repositoryMs: 25 });
  waits(7);
  expect(second.end()).toEqual({ sourceMs: 22, proxyMs: 4, repositoryMs: 0 });
});

it('what passes while nothing is in hand, before or after, is nobody’s', () => {
  const { clock, works, waits } = thread();
  waits(100);
  const work = clock.begin('source');
  waits(1);
  const ended = work.end();
  works(50);
  expect(work.end()).toEqual(ended);
  expect(clock.begin('source').end()).toEqual({ sourceMs: 0, proxyMs: 0, repositoryMs: 0 });
});
