import { ManualClock } from '@leeward/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventsFeed, type FeedEvent, type Mark } from './events-feed.ts';

let clock: ManualClock;
let marks: Mark[] | Error;
let looks: number;
let feed: EventsFeed;
beforeEach(() => {
  clock = new ManualClock();
  marks = [{ id: 'r1', mark: 'running 1' }];
  looks = 0;
  feed = new EventsFeed({
    clock,
    keep: 3,
    look: async () => {
      looks++;
      if (marks instanceof Error) throw marks;
      return marks;
    },
  });
});

async function listening(lastEventId?: string) {
  const events: FeedEvent[] = [];
  let ended = 0;
  await feed.ready();
  const leave = feed.listen({ send: (event) => events.push(event), end: () => ended++ }, lastEventId);
  return { events, leave, ended: () => ended, seen: () => events.map(({ type, id }) => id ?? type) };
}

/** A second passes, and what waits for it goes on. */
async function second(now?: Mark[] | Error) {
  if (now) marks = now;
  await clock.advance(1_000);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe('the feed of events', () => {
  it('tells which runs began, changed and are no longer known, once for each change', async () => {
    const one = await listening();
    await second();
    expect(one.seen()).toEqual([]);
    await second([{ id: 'r1', mark: 'running 2' }]);
    await second();
    await second([
      { id: 'r1', mark: 'running 2' },
      { id: 'r2', mark: 'queued' },
    ]);
    await second([{ id: 'r2', mark: 'queued' }]);
    expect(one.seen()).toEqual(['r1', 'r2', 'r1']);
    expect(new Set(one.events.map(({ eventId }) => eventId)).size).toBe(3);
  });

  it('looks once for all, and not at all when nobody listens', async () => {
    const all = [await listening(), await listening()];
    const before = looks;
    await second();
    expect(looks).toBe(before + 1);
    for (const { leave } of all) leave();
    await second();
    await second();
    expect(looks).toBe(before + 1);
  });

  it('resumes after the event that is named', async () => {
    const stays = await listening();
    for (const mark of ['a', 'b', 'c']) await second([{ id: 'r1', mark }]);
    const [first] = stays.events;
    expect((await listening(first?.eventId)).seen()).toEqual(['r1', 'r1']);
    expect((await listening(stays.events.at(-1)?.eventId)).seen()).toEqual([]);
  });

  it('says so when it does not know any more what was missed', async () => {
    const stays = await listening();
    for (const mark of ['a', 'b', 'c', 'd']) await second([{ id: 'r1', mark }]);
    expect((await listening(stays.events[0]?.eventId)).seen()).toEqual(['reset']);
    expect((await listening('of another server')).seen()).toEqual(['reset']);
  });

  it('does not take ids of an earlier stretch of listening for its own', async () => {
    const early = await listening();
    await second([{ id: 'r1', mark: 'a' }]);
    const [event] = early.events;
    early.leave();
    const late = await listening(event?.eventId);
    expect(late.seen()).toEqual(['reset']);
  });

  it('ends for all when it cannot look, and when it is stopped', async () => {
    const one = await listening();
    await second(new Error('the database is away'));
    expect(one.ended()).toBe(1);
    await expect(feed.ready()).rejects.toThrow('the database is away');
    marks = [];
    const other = await listening();
    feed.stop();
    expect(other.ended()).toBe(1);
  });
});
