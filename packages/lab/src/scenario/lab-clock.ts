import type { Clock } from '@leeward/core';
import { z } from 'zod';
import type { LabState } from './lab-state.ts';
import { anyAnswer, labSystems } from './lab-systems.ts';

const clockSchema = z.object({ nowMs: z.number(), realMs: z.number(), speed: z.number() });

/** The time that a simulator has. */
export interface SimulatorTime {
  readonly system: string;
  readonly nowMs: number;
  /** 1: as time passes outside. */
  readonly speed: number;
}

const leadMs = 500;

/** What time it is in each simulator. */
export async function labTimes(lab: LabState): Promise<SimulatorTime[]> {
  return (await readClocks(lab)).map(({ system, nowMs, speed }) => ({ system, nowMs, speed }));
}

/**
 * Lets time pass faster for all simulators of a lab, or jump forward. They share one time from then on: that of the
 * one that was furthest, plus `jumpMs`. `clock` is that of the machine.
 */
export async function setLabTime(
  lab: LabState,
  change: { readonly speed?: number | undefined; readonly jumpMs?: number | undefined },
  clock: Clock,
): Promise<SimulatorTime[]> {
  const clocks = await readClocks(lab);
  const speed = change.speed ?? Math.max(...clocks.map((one) => one.speed));
  // Soon, so that all have heard of it: else those that hear late of a slower time have run on meanwhile.
  const realMs = clock.now() + leadMs;
  const reached = clocks.map((one) => one.nowMs + (realMs - one.realMs) * one.speed);
  const anchor = { realMs, labMs: Math.max(...reached) + (change.jumpMs ?? 0), speed };
  await Promise.all(
    labSystems(lab).map((system) => system.ask('POST', '/settings', anyAnswer, { clock: anchor })),
  );
  await clock.sleep(Math.max(0, realMs - clock.now()) + 1);
  return labTimes(lab);
}

async function readClocks(lab: LabState) {
  return Promise.all(
    labSystems(lab).map(async (system) => ({
      system: system.name,
      ...(await system.ask('GET', '/clock', clockSchema)),
    })),
  );
}
