import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';
import type { Reason, ReasonKind } from './reasons.ts';
import { retain } from './retain.ts';
import { foreign, link, links, place, transfer } from './testing/place.ts';
import { startMs } from './testing/random-state.ts';
import { dayMs } from './words.ts';

const nameOf = (id: string) => `array-${id}`;

describe('why is this kept, when does it go', () => {
  const places = [
    place('p', [foreign('nightly'), ...links(1, 4, { role: 'auxiliary' })]),
    place('v', [link(1, { heldBy: ['volume clone'] }), ...links(2, 4)], { feed: transfer('p', 'vault') }),
  ];
  const rules = { p: { keep: 'none' }, v: { keep: { count: 2, days: 1 } } } as const;
  const { keep } = retain({ places }, rules, startMs + dayMs + 2 * 3_600_000);
  const said = (placeId: string, name: string) => {
    const found = keep.find((each) => each.placeId === placeId && each.link.name === name);
    if (!found) throw new RangeError(`${name} is not kept`);
    const { why, goes } = explain(found, nameOf);
    return `${why} ${goes}`;
  };

  it('says the rule and what ends it', () => {
    expect(said('v', 's3')).toBe(
      'It is kept because it is one of the newest 2 of its chain; it is not older than 1 days. ' +
        'It goes not before 1 more is there, and not before 2026-01-02T03:00:00.000Z.',
    );
  });

  it('says what goes', () => {
    expect(explain({ why: [] }, nameOf)).toEqual({
      codes: [],
      why: 'No rule wants it any more.',
      goes: 'It goes with the next run of the job.',
    });
  });

  it('says who holds what nobody wants any more', () => {
    expect(said('v', 's1')).toBe(
      'No rule wants it any more, but the array holds it: volume clone. It goes not before the array lets it go.',
    );
  });

  it('says what the next transfer needs, and what is not ours', () => {
    expect(said('p', 's4')).toBe(
      'It is kept because it is the base of the next transfer from array-p to array-v. ' +
        'It goes not before the next transfer has ended.',
    );
    expect(said('p', 'nightly')).toBe(
      'It is kept because it was not made by Leeward. It goes when somebody deletes it; Leeward never does by itself.',
    );
  });

  it('says the day where all reasons end by themselves', () => {
    const why: Reason[] = [
      { kind: 'days', days: 3, untilMs: startMs },
      { kind: 'needed-at', place: 's', reason: { kind: 'locked', untilMs: startMs + dayMs } },
    ];
    expect(explain({ why }, nameOf)).toEqual({
      codes: ['days', 'needed-at/locked'],
      why:
        'It is kept because it is not older than 3 days. ' +
        'Besides, array-s needs it (it is locked until 2026-01-02T00:00:00.000Z).',
      goes: 'It goes at the first run after 2026-01-02T00:00:00.000Z.',
      goesAtMs: startMs + dayMs,
    });
  });

  it('has words for every reason', () => {
    const all: Readonly<Record<ReasonKind, Reason>> = {
      foreign: { kind: 'foreign', owner: 'by-hand' },
      'other-job': { kind: 'other-job' },
      'in-use': { kind: 'in-use' },
      'on-its-way': { kind: 'on-its-way', to: ['v', 'w'] },
      locked: { kind: 'locked', untilMs: Number.POSITIVE_INFINITY },
      held: { kind: 'held', by: ['clone', 'replication'] },
      base: { kind: 'base', from: 'p', to: 'v' },
      'next-base': { kind: 'next-base' },
      count: { kind: 'count', count: 3, newer: 1 },
      days: { kind: 'days', days: 3, untilMs: startMs },
      minimum: { kind: 'minimum' },
      'no-rule': { kind: 'no-rule' },
      'needed-at': { kind: 'needed-at', place: 'v', reason: { kind: 'minimum' } },
      'pair-unknown': { kind: 'pair-unknown', place: 's' },
      'copy-unknown': { kind: 'copy-unknown', place: 'v' },
      'array-rule': { kind: 'array-rule', by: 'label', name: 'daily', keep: 7 },
      mirror: { kind: 'mirror', of: 'p' },
      refused: { kind: 'refused' },
    };
    for (const [kind, reason] of Object.entries(all)) {
      const { why, goes, codes } = explain({ why: [reason] }, nameOf);
      expect(codes[0]).toContain(kind);
      for (const text of [why, goes]) expect(text).toMatch(/^[A-Z][^{}]+\.$/);
      expect(`${why} ${goes}`).not.toContain('undefined');
    }
  });
});
