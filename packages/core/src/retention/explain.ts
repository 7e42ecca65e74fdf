import { isoTime } from '../time/clock.ts';
import type { Reason } from './reasons.ts';
import { endOfAll, isObstacle } from './reasons.ts';
import type { Kept } from './retain.ts';

export interface Explanation {
  /** One for each reason, for programs: `count`, `locked`, `needed-at/days` … */
  readonly codes: readonly string[];
  /** Whole sentences. */
  readonly why: string;
  readonly goes: string;
  readonly goesAtMs?: number;
}

/**
 * Why a storage snapshot is kept, and when it goes, for people. Without any reason it goes.
 * @param nameOf name of a place for people, by its id
 */
export function explain({ why }: Pick<Kept, 'why'>, nameOf: (placeId: string) => string): Explanation {
  if (why.length === 0)
    return { codes: [], why: 'No rule wants it any more.', goes: 'It goes with the next run of the job.' };
  const goesAtMs = endOfAll(why);
  const wanted = why.filter((reason) => !isObstacle(reason));
  const rest = why.filter(isObstacle);
  const lead = wanted.length > 0 ? [`It is kept because ${listed(wanted, nameOf)}.`] : [];
  const also = wanted.length > 0 ? 'Besides, ' : 'No rule wants it any more, but ';
  const hindered = rest.length > 0 ? [`${also}${listed(rest, nameOf)}.`] : [];
  return {
    codes: why.map(codeOf),
    why: [...lead, ...hindered].join(' '),
    goes:
      goesAtMs === undefined
        ? `It goes ${[...new Set(why.map((reason) => whenOver(reason, nameOf)))].join(', and ')}.`
        : `It goes at the first run after ${isoTime(goesAtMs)}.`,
    ...(goesAtMs === undefined ? {} : { goesAtMs }),
  };
}

function codeOf(reason: Reason): string {
  return reason.kind === 'needed-at' ? `needed-at/${codeOf(reason.reason)}` : reason.kind;
}

function listed(reasons: readonly Reason[], nameOf: (placeId: string) => string): string {
  return reasons.map((reason) => because(reason, nameOf)).join('; ');
}

function because(reason: Reason, nameOf: (placeId: string) => string): string {
  switch (reason.kind) {
    case 'foreign':
      return foreignTexts[reason.owner];
    case 'other-job':
      return 'another job keeps it';
    case 'in-use':
      return 'a run that goes on needs it';
    case 'on-its-way':
      return `it is on its way to ${reason.to.map(nameOf).join(', ')}`;
    case 'locked':
      return Number.isFinite(reason.untilMs)
        ? `it is locked until ${isoTime(reason.untilMs)}`
        : 'it is locked for ever';
    case 'held':
      return `the array holds it: ${reason.by.join(', ')}`;
    case 'base':
      return `it is the base of the next transfer from ${nameOf(reason.from)} to ${nameOf(reason.to)}`;
    case 'next-base':
      return 'it is the newest auxiliary storage snapshot, and none was transferred yet';
    case 'count':
      return `it is one of the newest ${reason.count} of its chain`;
    case 'days':
      return `it is not older than ${reason.days} days`;
    case 'minimum':
      return 'it is the last of its chain, which is never shorter than 1';
    case 'no-rule':
      return 'no rule says how long to keep it';
    case 'needed-at':
      return `${nameOf(reason.place)} needs it (${because(reason.reason, nameOf)})`;
    case 'pair-unknown':
      return `both halves of a pair go together, and ${nameOf(reason.place)} cannot be listed now`;
    case 'copy-unknown':
      return `${nameOf(reason.place)} may need it, and cannot be listed now`;
    case 'array-rule':
      return `the array removes it by itself: it keeps ${reason.keep} of ${reason.by} "${reason.name}"`;
    case 'mirror':
      return `it is on a mirror, which has what ${nameOf(reason.of)} has`;
    case 'refused':
      return 'the array does not let single storage snapshots be deleted here';
  }
}

const foreignTexts = {
  'by-hand': 'it was made by hand',
  'other-installation': 'another installation of Leeward made it',
  foreign: 'it was not made by Leeward',
} as const;

/** Ends a sentence that begins with "It goes". */
function whenOver(reason: Reason, nameOf: (placeId: string) => string): string {
  switch (reason.kind) {
    case 'foreign':
      return 'when somebody deletes it; Leeward never does by itself';
    case 'other-job':
      return 'when that job lets it go';
    case 'in-use':
      return 'not before that run has ended';
    case 'on-its-way':
    case 'base':
    case 'next-base':
      return 'not before the next transfer has ended';
    case 'locked':
    case 'days':
      return Number.isFinite(reason.untilMs) ? `not before ${isoTime(reason.untilMs)}` : 'never';
    case 'held':
      return 'not before the array lets it go';
    case 'count':
      return `not before ${reason.count - reason.newer} more ${reason.count - reason.newer === 1 ? 'is' : 'are'} there`;
    case 'minimum':
      return 'not before a newer one is there';
    case 'no-rule':
      return 'not before a rule says so';
    case 'needed-at':
      return whenOver(reason.reason, nameOf);
    case 'pair-unknown':
    case 'copy-unknown':
      return `not before ${nameOf(reason.place)} can be listed`;
    case 'array-rule':
      return `when the array has ${reason.keep} newer ones`;
    case 'mirror':
      return `with the next transfer after it went from ${nameOf(reason.of)}`;
    case 'refused':
      return 'when an administrator or a rule of the array removes it';
  }
}
