import { parseOwnership } from '@leeward/arrays';
import type { ChainState, Link, Place } from '@leeward/core';
import { modelAnswer } from '@leeward/core/retention/testing/model';
import { retentionRules, roleOnPrimary } from '@leeward/engine/backup/chain-state';
import { describe, expect, it } from 'vitest';
import { ChainSchedule, type JobName, jobNames, sides } from './support/chain-schedule.ts';

/**
 * The proof that the engine does on arrays what retention says, and nothing else. `npm test` tries some hundred
 * schedules; for the whole of it:
 *   LEEWARD_SCHEDULES=10000 npx vitest run tests/scale/chains.test.ts
 * A failure names the seed; LEEWARD_SEED=n runs it alone.
 */
const count = Number(process.env['LEEWARD_SCHEDULES'] ?? 300);
const only = process.env['LEEWARD_SEED'];
const seeds = only === undefined ? Array.from({ length: count }, (_, at) => at + 1) : [Number(only)];

/** Both ends of a relation as they really are, put together without the engine's code. */
function truth(world: ChainSchedule, job: JobName, volumeName: string): ChainState {
  const places = sides.map((side): Place => {
    const volume = world.arrays[side].volume(volumeName);
    const links = volume.snapshots.map(({ name, comment, createdAtMs }): Link => {
      const owner = parseOwnership(comment);
      const lockedUntilMs = volume.locks.get(name);
      const heldBy = [...volume.holds].filter(([, held]) => held === name).map(([holder]) => holder);
      const entry = [...world.store.entries.values()].find(
        (each) => each.name === name && each.systemId === side && each.kind === 'storage-snapshot',
      );
      const frozenAtMs = entry ? Date.parse(entry.createdAt) : createdAtMs;
      const seen = { name, frozenAtMs, heldBy, ...(lockedUntilMs === undefined ? {} : { lockedUntilMs }) };
      if (owner?.installationId !== 'us') return { ...seen, owner: owner ? 'other-installation' : 'foreign' };
      const isOwn = (entry?.jobId ?? world.store.jobOfRun.get(owner.runId)) === job;
      const { role } = (entry?.detail ?? { role: 'long-term' }) as { role: 'long-term' | 'auxiliary' };
      return {
        ...{ ...seen, owner: isOwn ? 'this-job' : 'other-job', inUse: false, lostOn: [], onWayTo: [] },
        role: isOwn && side === 'primary' ? roleOnPrimary(world.jobs[job]) : role,
        arrivedAt: side === 'primary' ? ['secondary'] : [],
      };
    });
    return {
      ...{ id: side, name: side, arrayRules: [], refusesDelete: false, locks: { possible: true } },
      ...(world.isSilent(side) ? {} : { links }),
      ...(side === 'primary'
        ? {}
        : {
            feed: {
              ...{ kind: 'transfer', from: 'primary', keepsAuxiliary: true },
              policy: volumeName === 'vol1' ? 'vault' : 'mirror',
            },
          }),
    };
  });
  return { places };
}

function onArrays(world: ChainSchedule, volumeName: string) {
  return {
    names: sides.flatMap((side) =>
      world.arrays[side].volume(volumeName).snapshots.map(({ name }) => `${side} ${name}`),
    ),
    locks: sides.flatMap((side) =>
      [...world.arrays[side].volume(volumeName).locks].map(([name, untilMs]) => `${side} ${name} ${untilMs}`),
    ),
  };
}

/** Rotates, and compares what happened on the arrays with what the model says. Returns how much that was. */
async function rotateAndJudge(
  world: ChainSchedule,
  job: JobName,
  volumeName: string,
  rotate: () => Promise<void>,
): Promise<number> {
  const state = truth(world, job, volumeName);
  const rules = retentionRules({ job: world.jobs[job] });
  const expected = modelAnswer(state, rules, world.nowMs);
  const before = onArrays(world, volumeName);
  await rotate();
  const after = onArrays(world, volumeName);
  const seen = {
    removed: before.names.filter((each) => !after.names.includes(each)).sort(),
    locked: after.locks.filter((each) => !before.locks.includes(each)).sort(),
  };
  expect(seen).toEqual(expected);
  expect(world.store.events.filter(({ code }) => code === 'L-RUN-111' || code === 'L-RUN-142')).toEqual([]);
  if (sides.some((side) => world.isSilent(side))) return seen.removed.length;
  for (const side of sides) {
    const own = world.store.kept(job).filter(({ systemId }) => systemId === side);
    const volume = world.arrays[side].volume(volumeName);
    const ofVolume = own.filter(({ detail }) => (detail as { volumeName: string }).volumeName === volumeName);
    // The journal is what is there, and no chain is empty after a run.
    expect(ofVolume.filter(({ name }) => !volume.find(name))).toEqual([]);
    if (side === 'secondary') expect(ofVolume.length).toBeGreaterThan(0);
  }
  return seen.removed.length;
}

async function proveSchedule(seed: number): Promise<{ readonly runs: number; readonly removed: number }> {
  const world = new ChainSchedule(seed);
  await world.begin();
  let runs = 0;
  let removed = 0;
  for (let step = 0; step < 24; step++) {
    // Nothing happens at the same moment: what the journal and what the array says first would be a matter of names.
    world.nowMs += 1_000;
    const act = world.randomness.fraction();
    if (act < 0.5) {
      const job = world.pick(jobNames);
      const volumeName = world.pick(['vol1', 'vol2'] as const);
      const rotate = await world.run(job, volumeName);
      if (world.happens(0.1)) world.silence(world.pick(sides));
      if (rotate) removed += await rotateAndJudge(world, job, volumeName, rotate);
      world.calm();
      runs += 1;
    } else if (act < 0.65) world.makeForeign();
    else if (act < 0.72) world.deleteForeign();
    else if (act < 0.77) world.deleteOurs();
    else if (act < 0.82) world.loseJournal();
    else if (act < 0.88) world.changeRules();
    else world.passTime();
    for (const path of world.foreign) {
      const [side, volume, name] = path.split('/') as [(typeof sides)[number], string, string];
      expect(world.arrays[side].volume(volume).find(name), path).toBeDefined();
    }
  }
  return { runs, removed };
}

describe('chains on arrays over random schedules', () => {
  it(
    `are what the model says, and nothing foreign is touched (${seeds.length} schedules)`,
    async () => {
      let runs = 0;
      let removed = 0;
      for (const seed of seeds) {
        try {
          const proved = await proveSchedule(seed);
          runs += proved.runs;
          removed += proved.removed;
        } catch (error) {
          throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
        }
      }
      console.log(
        `chains: ${seeds.length} schedules, ${runs} runs, ${removed} deletions, none that a rule forbids`,
      );
      if (seeds.length > 1) expect(removed).toBeGreaterThan(seeds.length);
    },
    60_000 + seeds.length * 200,
  );
});
