import { expect, test } from 'vitest';
import { ReadStops } from './read-stops.ts';

test('a stop is used again for the same signal, and never by two reads at once', () => {
  const stops = new ReadStops();
  const { signal } = new AbortController();
  const [first, second] = [stops.take(signal), stops.take(signal)];
  expect(second).not.toBe(first);
  stops.giveBack(first, signal);
  expect(stops.take(signal)).toBe(first);
  stops.giveBack(second, signal);
  expect(stops.take(new AbortController().signal)).not.toBe(second);
  expect(stops.take(signal)).toBe(second);
});

test('a stop ends its own read alone and is not used again', () => {
  const stops = new ReadStops();
  const { signal } = new AbortController();
  const [first, second] = [stops.take(signal), stops.take(signal)];
  const why = new Error('a piece failed');
  first.stop(why);
  expect(first.signal.reason).toBe(why);
  expect(second.signal.aborted).toBe(false);
  stops.giveBack(first, signal);
  expect(stops.take(signal)).not.toBe(first);
});

test('the signal ends all of its reads, also those that begin later, and nobody else', () => {
  const stops = new ReadStops();
  const [controller, other] = [new AbortController(), new AbortController()];
  const used = stops.take(controller.signal);
  stops.giveBack(used, controller.signal);
  const [again, fresh, foreign, free] = [
    stops.take(controller.signal),
    stops.take(controller.signal),
    stops.take(other.signal),
    stops.take(),
  ];
  controller.abort('enough');
  expect([again, fresh, stops.take(controller.signal)].map(({ signal }) => signal.reason)).toEqual(
    Array(3).fill('enough'),
  );
  expect([foreign, free].map(({ signal }) => signal.aborted)).toEqual([false, false]);
});

test('an idle stop of a signal that aborted meanwhile is aborted, too', () => {
  const stops = new ReadStops();
  const controller = new AbortController();
  stops.giveBack(stops.take(controller.signal), controller.signal);
  controller.abort('enough');
  expect(stops.take(controller.signal).signal.reason).toBe('enough');
});

test('readers without a signal have stops of their own', () => {
  const stops = new ReadStops();
  const first = stops.take();
  stops.giveBack(first);
  expect(stops.take()).toBe(first);
  first.stop('wrong');
  expect(stops.take().signal.aborted).toBe(false);
});
