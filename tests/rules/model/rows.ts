import type { Cause, Effect, Step } from './cause.ts';
import { type Decision, decide } from './decide.ts';
import { planCauses } from './plan-causes.ts';
import { type RelationKind, relationKinds } from './relation-kinds.ts';
import { runCauses } from './run-causes.ts';
import { syncCauses } from './sync-causes.ts';
import type { Switches } from './words.ts';

export interface Row extends Decision {
  /** `relation.cause.switches` */
  readonly id: string;
  readonly relation: string;
  readonly step: string;
  readonly cause: string;
  readonly switches: Switches;
}

const nothing: Cause = {
  id: 'nothing',
  text: 'nothing goes wrong',
  effectOn: () => ({ step: 'none', loses: 'nothing' }),
};

export const causes: readonly Cause[] = [nothing, ...planCauses, ...runCauses, ...syncCauses];

/** `P`: failover to primary; `S`: to standard; `D`: a downgrade is a failure; `F`: finish on the primary. */
function switchesOf(letters: string): Switches {
  return {
    failoverToPrimary: letters.includes('P'),
    failoverToStandard: letters.includes('S'),
    failOnDowngrade: letters.includes('D'),
    finishOnPrimary: letters.includes('F'),
  };
}

/** Of each family the kind that is tried with every combination that makes a difference. */
const thorough: readonly string[] = [
  'ontap-mirror',
  'ontap-sync',
  'nimble-replication',
  'nimble-sync',
] satisfies RelationId[];

type RelationId = (typeof relationKinds)[number]['id'];

/** All rows, in the order of the relation kinds and causes. */
export function generateRows(): readonly Row[] {
  return relationKinds.flatMap((relation: RelationKind) =>
    causes.flatMap((cause) => {
      const effect = cause.effectOn(relation);
      if (!effect) return [];
      return combinations(relation, effect).map((letters): Row => {
        const switches = switchesOf(letters);
        return {
          id: [relation.id, cause.id, letters || '-'].join('.'),
          relation: relation.id,
          step: effect.step,
          cause: cause.id,
          switches,
          ...decide(relation, effect, switches),
        };
      });
    }),
  );
}

function combinations(relation: RelationKind, { loses, step, staysAway }: Effect): readonly string[] {
  const isThorough = thorough.includes(relation.id);
  // Where an array stays away everything that asks it tries for long.
  const isLong = staysAway === true && step !== 'plan';
  if (relation.kind === 'sync')
    return isLong ? ['', isThorough ? 'PSF' : 'F'] : syncCombinations(loses, step, isThorough);
  if (loses === 'nothing') return isThorough ? ['', 'PSD'] : ['P'];
  if (isLong && step === 'transfer' && relation.startsByItself) return ['P'];
  if (!isThorough || isLong) return ['', 'P'];
  if (loses === 'VM') return ['', 'PS'];
  if (loses !== 'secondary') return ['', 'P', 'S', 'PS', 'PD', 'SD'];
  return step === 'plan' ? ['', 'P', 'S', 'PD', 'SD'] : ['', 'P', 'S', 'PD'];
}

function syncCombinations(loses: Effect['loses'], step: Step, isThorough: boolean): readonly string[] {
  if (loses === 'nothing') return ['', 'PSDF'];
  if (loses === 'VM') return ['', 'PSF'];
  if (loses === 'coordinated') return isThorough ? ['', 'P', 'S', 'F', 'PSF', 'PSFD'] : ['', 'PSF'];
  if (loses === 'storage snapshots' && step !== 'plan' && !isThorough) return ['', 'S', 'PF'];
  if (step === 'plan' || loses === 'storage snapshots')
    return isThorough ? ['', 'P', 'S', 'PS', 'F', 'PD', 'SD'] : ['', 'P', 'S', 'F'];
  return isThorough ? ['', 'P', 'S', 'PS', 'F', 'PF', 'FD'] : ['', 'P', 'F'];
}
