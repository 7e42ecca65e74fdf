import type { Clock, Timer } from '@leeward/core';

/** The whole system, or one of its data ports by address. */
export type OutageTarget = string | undefined;

interface Outage {
  readonly faultId: number;
  readonly target: OutageTarget;
  readonly untilMs: number;
  readonly timer: Timer;
}

/**
 * Times in which a system, or one of its data ports, is cut off. Several may overlap: what is cut off comes back with
 * the end of the last one. `clock` is that of real connections.
 */
export class Outages {
  readonly #clock: Clock;
  #outages: Outage[] = [];
  /** Told whenever a target goes or comes back. Calls never overlap. */
  #act: (target: OutageTarget, isUp: boolean) => Promise<void> = async () => undefined;
  #acting: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Says how a target is cut off and brought back; MUST be called before faults are planted. */
  actWith(act: (target: OutageTarget, isUp: boolean) => Promise<void>): void {
    this.#act = act;
  }

  begin(faultId: number, target: OutageTarget, forMs: number): void {
    const wasDown = this.isDown(target);
    const timer = this.#clock.after(forMs, () => this.#end(outage));
    const outage: Outage = { faultId, target, untilMs: this.#clock.monotonicMs() + forMs, timer };
    this.#outages.push(outage);
    if (!wasDown) this.#tell(target, false);
  }

  isDown(target: OutageTarget): boolean {
    return this.#outages.some((one) => one.target === target);
  }

  /** How long the outages of a fault still last; undefined when none does. */
  remainingMs(faultId: number): number | undefined {
    const own = this.#outages.filter((one) => one.faultId === faultId).map(({ untilMs }) => untilMs);
    return own.length === 0 ? undefined : Math.max(0, Math.max(...own) - this.#clock.monotonicMs());
  }

  /** Ends those of one fault, or all, before their time. Resolves when what was cut off is back. */
  async stop(faultId?: number): Promise<void> {
    for (const one of this.#outages)
      if (faultId === undefined || one.faultId === faultId) {
        one.timer.cancel();
        this.#end(one);
      }
    await this.#acting;
  }

  #end(outage: Outage): void {
    this.#outages = this.#outages.filter((one) => one !== outage);
    if (!this.isDown(outage.target)) this.#tell(outage.target, true);
  }

  #tell(target: OutageTarget, isUp: boolean): void {
    // A port that another process took meanwhile cannot be opened again: it stays away, as a broken one does.
    this.#acting = this.#acting.then(() => this.#act(target, isUp)).catch(() => undefined);
  }
}
