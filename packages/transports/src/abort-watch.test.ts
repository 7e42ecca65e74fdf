import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AbortWatch } from './abort-watch.ts';

const member = () => {
  const reasons: unknown[] = [];
  return { reasons, watchIndex: 0, aborted: (reason: unknown) => void reasons.push(reason) };
};

describe('AbortWatch', () => {
  it('tells all that wait, once, with the reason, by one listener', () => {
    const watch = new AbortWatch();
    const [one, other] = [new AbortController(), new AbortController()];
    const [a, b, c] = [member(), member(), member()];
    watch.add(one.signal, a);
    watch.add(one.signal, b);
    watch.add(other.signal, c);
    expect(getEventListeners(one.signal, 'abort')).toHaveLength(1);
    one.abort('why');
    expect([a.reasons, b.reasons, c.reasons]).toEqual([['why'], ['why'], []]);
    watch.remove(one.signal, a);
  });

  it('forgets who is removed, also while it tells, and leaves no listener', () => {
    const watch = new AbortWatch();
    const controller = new AbortController();
    const [a, b] = [member(), member()];
    const remover = { watchIndex: 0, aborted: () => watch.remove(controller.signal, b) };
    watch.add(controller.signal, a);
    watch.remove(controller.signal, a);
    watch.remove(controller.signal, a);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    watch.add(controller.signal, remover);
    watch.add(controller.signal, b);
    watch.remove(controller.signal, b);
    controller.abort('late');
    expect([a.reasons, b.reasons]).toEqual([[], []]);
  });
});
