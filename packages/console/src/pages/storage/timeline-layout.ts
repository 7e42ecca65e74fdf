import type { TopologyPath } from '@leeward/core/words/topology';
import type { ChainLink } from '../../api/work.ts';

/** A storage snapshot in the picture. */
export interface TimelineMark {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly link: ChainLink;
}

/** What one volume holds. */
export interface TimelineLane {
  readonly key: string;
  readonly place: ChainLink['place'];
  readonly label: string;
  readonly y: number;
  readonly marks: readonly TimelineMark[];
}

export interface Timeline {
  readonly lanes: readonly TimelineLane[];
  /** Between the copies of a storage snapshot, from volume to volume. */
  readonly pairs: readonly { readonly key: string; readonly from: TimelineMark; readonly to: TimelineMark }[];
  readonly ticks: readonly { readonly x: number; readonly at: string }[];
  readonly nowX: number;
  readonly width: number;
  readonly height: number;
  /** Older ones that are not drawn. */
  readonly leftOut: number;
}

const laneHeight = 74;
const left = 60;
/** Room of one storage snapshot, so that marks and the dates of locks do not lie over each other. */
const step = 58;
const plain = 760;
/** More are no picture any more; the table has all. */
const mostShown = 120;

/**
 * A chain over time: a lane for every volume on the way, in the order of the way. Times grow to the right in proportion,
 * but for storage snapshots that would lie over each other, which are moved apart.
 */
export function chainTimeline(
  links: readonly ChainLink[],
  ways: readonly TopologyPath[],
  nowMs: number,
): Timeline {
  const instants = [...new Set(links.map(({ createdAt }) => createdAt))].toSorted();
  const shown = instants.slice(-mostShown);
  const drawn = links.filter(({ createdAt }) => createdAt >= (shown[0] ?? ''));
  const xs = positions(shown, nowMs);
  const lanes = lanesOf(drawn, ways).map(({ key, place, label }, at): TimelineLane => {
    const y = 40 + at * laneHeight;
    const marks = drawn
      .filter((link) => laneKey(link) === key)
      .map((link) => ({
        key: `${key} ${link.name} ${link.state}`,
        x: xs.get(link.createdAt) ?? left,
        y,
        link,
      }));
    return { key, place, label, y, marks };
  });
  const lastX = Math.max(left, ...xs.values());
  return {
    lanes,
    pairs: pairsOf(lanes),
    ticks: ticksOf(shown, xs),
    nowX: Math.max(lastX + step, plain),
    width: Math.max(lastX + step, plain) + 30,
    height: 40 + Math.max(1, lanes.length) * laneHeight,
    leftOut: links.length - drawn.length,
  };
}

function positions(instants: readonly string[], nowMs: number): ReadonlyMap<string, number> {
  const xs = new Map<string, number>();
  const fromMs = Date.parse(instants[0] ?? '');
  const spanMs = Math.max(1, nowMs - fromMs);
  let before = left - step;
  for (const at of instants) {
    before = Math.max(before + step, left + ((Date.parse(at) - fromMs) / spanMs) * (plain - left - step));
    xs.set(at, before);
  }
  return xs;
}

const laneKey = ({ arrayName, volumeName }: Pick<ChainLink, 'arrayName' | 'volumeName'>) =>
  `${arrayName}/${volumeName}`;

const ranks: Readonly<Record<ChainLink['place'], number>> = { primary: 0, middle: 1, secondary: 2 };

/** Volumes that hold some of them; those on one way below each other, from the primary on. */
function lanesOf(links: readonly ChainLink[], ways: readonly TopologyPath[]) {
  const lanes = new Map<string, Pick<TimelineLane, 'key' | 'place' | 'label'> & { readonly hop: number }>();
  for (const link of links) {
    const key = laneKey(link);
    const { place, hop = ranks[place] } = link;
    if (!lanes.has(key)) lanes.set(key, { key, place, label: key, hop });
  }
  const starts = new Map<string, string>();
  for (const { primary, via = [], secondary } of ways) {
    if (!primary) continue;
    const start = `${primary.array}/${primary.volume}`;
    for (const stop of [...via, ...(secondary ? [secondary] : [])])
      starts.set(`${stop.array}/${stop.volume}`, start);
  }
  const start = (key: string) => starts.get(key) ?? key;
  return [...lanes.values()].toSorted(
    (a, b) =>
      start(a.key).localeCompare(start(b.key)) ||
      ranks[a.place] - ranks[b.place] ||
      a.hop - b.hop ||
      a.key.localeCompare(b.key),
  );
}

/** Copies bear the same name on every volume of the way: each is joined with the next one below. */
function pairsOf(lanes: readonly TimelineLane[]): Timeline['pairs'] {
  const last = new Map<string, TimelineMark>();
  return lanes.flatMap(({ place, marks }) => {
    const found = marks.flatMap((to) => {
      const from = place === 'primary' ? undefined : last.get(to.link.name);
      return from ? [{ key: `${from.key} ${to.key}`, from, to }] : [];
    });
    for (const mark of marks) last.set(mark.link.name, mark);
    return found;
  });
}

function ticksOf(instants: readonly string[], xs: ReadonlyMap<string, number>): Timeline['ticks'] {
  let room = Number.NEGATIVE_INFINITY;
  return instants.flatMap((at) => {
    const x = xs.get(at) ?? left;
    if (x - room < 150) return [];
    room = x;
    return [{ x, at }];
  });
}
