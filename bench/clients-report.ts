import type { Contest, Outcome } from './clients-contest.ts';
import { median } from './measure.ts';

/** One line of the report: one client in one contest. */
export interface Line {
  readonly contest: string;
  readonly client: string;
  readonly mibPerS: number;
  readonly cpuSPerGib: number;
  /** Median over the rounds of its speed to the speed of the peer in the same round. */
  readonly times: number;
  /** Of these, the lowest and the highest: how much of the difference is noise. */
  readonly leastTimes: number;
  readonly mostTimes: number;
  readonly verdict: string;
}

const mib = 2 ** 20;

export function linesOf(contest: Contest, rounds: readonly ReadonlyMap<string, Outcome>[]): Line[] {
  const speedOf = (outcome: Outcome | undefined) =>
    outcome ? outcome.bytes / mib / outcome.wallS : Number.NaN;
  const peer = contest.contestants[0]?.name ?? '';
  return contest.contestants.map(({ name }) => {
    const outcomes = rounds.flatMap((round) => round.get(name) ?? []);
    const ratios = rounds.map((round) => speedOf(round.get(name)) / speedOf(round.get(peer)));
    const times = median(ratios);
    const cpuSPerGib = median(outcomes.map(({ cpuS, bytes }) => (cpuS / bytes) * 2 ** 30));
    return {
      contest: contest.name,
      client: name,
      mibPerS: median(outcomes.map(speedOf)),
      cpuSPerGib,
      times,
      leastTimes: Math.min(...ratios),
      mostTimes: Math.max(...ratios),
      verdict: verdict(contest, name, times, cpuSPerGib),
    };
  });
}

function verdict(contest: Contest, name: string, times: number, cpuSPerGib: number): string {
  const goal = contest.goals.get(name);
  if (!goal) return '';
  const { atLeastTimes } = goal;
  const speed =
    atLeastTimes === undefined ? '' : `${times >= atLeastTimes ? 'holds' : 'MISSED'} >= ${atLeastTimes} x, `;
  return `${speed}${cpuSPerGib <= goal.cpuSPerGib ? 'holds' : 'MISSED'} <= ${goal.cpuSPerGib} CPU s/GiB`;
}

export function printLines(lines: readonly Line[]): void {
  let contest = '';
  for (const line of lines) {
    if (line.contest !== contest)
      console.log(`\n${line.contest}\n${''.padEnd(28)}   MiB/s  CPU s/GiB  x peer  (of the rounds)`);
    contest = line.contest;
    const figures = [line.mibPerS.toFixed(0).padStart(8), line.cpuSPerGib.toFixed(2).padStart(10)];
    const times = line.times.toFixed(2).padStart(7);
    const rounds = `(${line.leastTimes.toFixed(2)} to ${line.mostTimes.toFixed(2)})`;
    console.log(
      `${line.client.padEnd(28)}${figures.join(' ')} ${times}  ${rounds.padEnd(15)} ${line.verdict}`,
    );
  }
}
