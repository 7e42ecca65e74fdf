import type { RunStep, RunView } from '@leeward/server';
import { timeBetween } from '../output/format.ts';
import { failureOf } from './step-failure.ts';

/** For output that is no terminal: one plain line when a step begins and one when it ends. */
export class StepLines {
  readonly #write: (line: string) => void;
  readonly #shown = new Set<string>();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  show({ run, vms, steps, events }: RunView): void {
    const names = new Map(vms.map(({ vmKey, name }) => [vmKey, name]));
    for (const step of steps) {
      const { scope, name, startedAt, endedAt } = step;
      const whose = names.get(scope) ?? 'run';
      this.#once(`${scope} ${name} begin`, `${clockTime(startedAt)}  ${whose}: ${name}`);
      if (endedAt)
        this.#once(
          `${scope} ${name} end ${endedAt}`,
          `${clockTime(endedAt)}  ${whose}: ${endText(step, endedAt)}`,
        );
    }
    for (const { at, vmKey, report } of events)
      this.#once(`${at} ${vmKey} ${report.code} ${report.what}`, `! ${report.code} ${report.what}`);
    if (run.endedAt) this.#once('end', `${clockTime(run.endedAt)}  run ${run.id}: ${run.state}`);
  }

  #once(key: string, line: string): void {
    if (this.#shown.has(key)) return;
    this.#shown.add(key);
    this.#write(line);
  }
}

function endText(step: RunStep, endedAt: string): string {
  const took = timeBetween(step.startedAt, endedAt);
  const failure = failureOf(step);
  return failure === undefined
    ? `${step.name} done in ${took}`
    : `${step.name} FAILED after ${took}: ${failure}`;
}

function clockTime(iso: string): string {
  return iso.slice(11, 19);
}
