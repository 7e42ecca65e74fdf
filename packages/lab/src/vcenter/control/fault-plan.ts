import type { Clock } from '@leeward/core';
import { Outages } from '../../control/outages.ts';
import { type Planted, PlantedFaults } from '../../control/planted-faults.ts';
import type { DownAction } from '../../control/turns-schema.ts';
import { type FaultAction, type FaultStage, faultRuleSchema, type Occasion } from './fault-rule.ts';
import { ofRule, ofWorded, type PlannedFault } from './planned-fault.ts';
import { wordedFaultSchema } from './worded-fault.ts';

/** The list of things that go wrong, with their counters. */
export class FaultPlan {
  readonly outages: Outages;
  readonly #planted = new PlantedFaults<PlannedFault>();

  /** `clock` is that of real connections. */
  constructor(clock: Clock) {
    this.outages = new Outages(clock);
  }

  /** Takes either wording: with `at` the one of all doors, without the rules of this one. Throws what is wrong with it. */
  add(input: unknown): number {
    const isWorded = typeof input === 'object' && input !== null && 'at' in input;
    const fault = isWorded ? ofWorded(wordedFaultSchema.parse(input)) : ofRule(faultRuleSchema.parse(input));
    const planted = this.#planted.add(fault);
    if (fault.stage === undefined && fault.action.kind === 'down') {
      this.#planted.occur((one) => one === fault);
      this.#down(planted, fault.action);
    }
    return planted.id;
  }

  /** What it cut off comes back. */
  async remove(id: number): Promise<boolean> {
    const removed = this.#planted.remove(id);
    await this.outages.stop(id);
    return removed;
  }

  async clear(): Promise<void> {
    this.#planted.clear();
    await this.outages.stop();
  }

  /** `seen` and `fired` are `calls` and `hits` in the older words. `downForMs`: how long what is cut off stays away. */
  list() {
    return this.#planted.list().map(({ id, fault, calls, hits }) => {
      const downForMs = this.outages.remainingMs(id);
      const counters = { calls, hits, seen: calls, fired: hits };
      return { id, ...fault.shown, ...counters, ...(downForMs === undefined ? {} : { downForMs }) };
    });
  }

  /** What happens now; counts the occasion for every fault that it fits. */
  actions(stage: FaultStage, occasion: Occasion): FaultAction[] {
    return this.#hits(stage, occasion).map((planted) => this.#actionOf(planted));
  }

  /** What happens to a call as it arrives, and what of it when it has acted. */
  arriving(occasion: Occasion): { readonly early: FaultAction[]; readonly late: FaultAction[] } {
    const hits = this.#hits('before', occasion);
    const of = (isLate: boolean) =>
      hits
        .filter(({ fault }) => (fault.isLate ?? false) === isLate)
        .map((planted) => this.#actionOf(planted));
    return { early: of(false), late: of(true) };
  }

  #hits(stage: FaultStage, occasion: Occasion): readonly Planted<PlannedFault>[] {
    return this.#planted.occur((fault) => fault.stage === stage && fault.fits(occasion));
  }

  #actionOf(planted: Planted<PlannedFault>): FaultAction {
    const { action } = planted.fault;
    if (action.kind !== 'down') return action;
    return { kind: 'cut', afterBytes: 0, begin: () => this.#down(planted, action) };
  }

  #down({ id }: Planted<PlannedFault>, { port, forMs }: DownAction): void {
    this.outages.begin(id, port, forMs);
  }
}
