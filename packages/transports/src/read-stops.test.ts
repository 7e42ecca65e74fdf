import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { ReadStops } from './read-stops.ts';

test('a stop is used again, and never by two reads at once', () => {
  const stops = new ReadStops();
  const { signal } = new AbortController();
  const [first, second] = [stops.take(signal), stops.take(signal)];
  expect(second).not.toBe(first);
  stops.giveBack(first);
  expect(stops.take()).toBe(first);
  stops.giveBack(second);
  expect(stops.take(new AbortController().signal)).toBe(second);
});

test('a stop follows the signal of its last read alone', () => {
  const stops = new ReadStops();
  const [before, now] = [new AbortController(), new AbortController()];
  const stop = stops.take(before.signal);
  stops.giveBack(stop);
  expect(getEventListeners(before.signal, 'abort')).toHaveLength(0);
  expect(stops.take(now.signal)).toBe(stop);
  before.abort('of another read');
  expect(stop.signal.aborted).toBe(false);
  now.abort('enough');
  expect(stop.signal.reason).toBe('enough');
});

test('a stop of a reader without a signal follows none', () => {
  const stops = new ReadStops();
  const controller = new AbortController();
  stops.giveBack(stops.take(controller.signal));
  const free = stops.take();
  controller.abort();
  expect(free.signal.aborted).toBe(false);
});

test('a stop ends its own read alone and is not used again', () => {
  const stops = new ReadStops();
  const { signal } = new AbortController();
  const [first, second] = [stops.take(signal), stops.take(signal)];
  const why = new Error('a piece failed');
  first.stop(why);
  expect(first.signal.reason).toBe(why);
  expect(second.signal.aborted).toBe(false);
  stops.giveBack(first);
  expect(stops.take(signal)).not.toBe(first);
});

test('the signal ends all of its reads, also those that begin later, and nobody else', () => {
  const stops = new ReadStops();
  const [controller, other] = [new AbortController(), new AbortController()];
  stops.giveBack(stops.take(controller.signal));
  const [again, fresh, foreign, free] = [
    stops.take(controller.signal),
    stops.take(controller.signal),
    stops.take(other.signal),
    stops.take(),
  ];
  controller.abort('enough');
  const later = stops.take(controller.signal);
  expect([again, fresh, later].map(({ signal }) => signal.reason)).toEqual(Array(3).fill('enough'));
  expect([foreign, free].map(({ signal }) => signal.aborted)).toEqual([false, false]);
  stops.giveBack(later);
  stops.giveBack(again);
  expect(stops.take().signal.aborted).toBe(false);
});
