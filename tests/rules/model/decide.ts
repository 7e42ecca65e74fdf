import type { Effect } from './cause.ts';
import type { RelationKind } from './relation-kinds.ts';
import type { RuleId } from './rules.ts';
import type { Expectation, Source, Switches } from './words.ts';

export interface Decision extends Expectation {
  /** The rule that the outcome follows from. */
  readonly rule: RuleId;
}

/**
 * What becomes of a VM by the rules of DESIGN.md section 3 (R1, R2, R4 to R6), told from the words of the rules alone and
 * without a look at the planner: the table's judge must not be the judged.
 */
export function decide(relation: RelationKind, effect: Effect, switches: Switches): Decision {
  const isOfSecondary = effect.loses === 'secondary' || effect.loses === 'coordinated';
  const isLater = relation.kind === 'sync' && isOfSecondary && effect.step !== 'plan';
  const decision = isLater ? lostLater(effect, switches) : outcomeOf(effect, switches);
  return effect.warns === undefined ? decision : { ...decision, codes: [...decision.codes, effect.warns] };
}

function outcomeOf(effect: Effect, switches: Switches): Decision {
  const { failoverToPrimary, failoverToStandard, failOnDowngrade } = switches;
  const code = effect.code ?? '';
  if (effect.loses === 'nothing') {
    const rule = effect.step === 'none' ? 'secondary' : 'warned';
    return read('secondary', rule, code === '' ? [] : [code]);
  }
  if (effect.loses === 'VM')
    return fails(effect.step === 'read' ? 'read-fails' : 'nothing-frozen', code, effect);

  const isPrimaryWay = failoverToPrimary && effect.loses === 'secondary';
  // What fails later has its storage snapshot already.
  const isStandardWay =
    failoverToStandard && (effect.step === 'plan' || effect.loses === 'storage snapshots');
  if (!isPrimaryWay && !isStandardWay) return fails('not-allowed', code, effect);
  if (failOnDowngrade) return fails('downgrade-is-failure', 'L-SRC-103', effect);
  if (effect.stopsHosts !== undefined) return stopped(isPrimaryWay, effect.stopsHosts, code, effect);
  if (!isPrimaryWay) return { ...read('standard', 'to-standard', ['L-SRC-105']), reason: code };
  if (effect.tried === 'works') return read('secondary', 'tried', []);
  const primary = { ...read('primary', 'to-primary', ['L-SRC-101']), reason: effect.tried ?? code };
  // The transfer is still tried (R1), and what was begun on an array that stays away is there until it is back.
  return effect.staysAway === true ? held(primary) : primary;
}

/** Synchronous relations (R2): failover is for a secondary that was not detected at the start of the run. */
function lostLater(effect: Effect, { finishOnPrimary, failOnDowngrade }: Switches): Decision {
  if (effect.loses === 'coordinated') return fails('torn', 'L-SRC-118', effect);
  if (!finishOnPrimary) return fails('lost-later', 'L-SRC-118', effect);
  if (failOnDowngrade) return fails('downgrade-is-failure', 'L-SRC-103', effect);
  const finished = { ...read('primary', 'finished', ['L-SRC-119']), reason: effect.code ?? '' };
  return effect.staysAway === true ? held(finished) : finished;
}

/** The way that is left begins with a VMware snapshot as well. The standard one is noted before it. */
function stopped(isPrimaryWay: boolean, hosts: string, reason: string, effect: Effect): Decision {
  const decision = fails('hosts-stopped', hosts, effect);
  if (isPrimaryWay) return decision;
  return { ...decision, codes: [...decision.codes, 'L-SRC-105'], reason };
}

function read(source: Source, rule: RuleId, codes: readonly string[]): Decision {
  return { rule, source, state: 'success', codes, reason: '', leftovers: 'none' };
}

function fails(rule: RuleId, code: string, effect: Effect): Decision {
  const codes = ['L-RUN-106', code];
  const failed: Decision = { rule, source: 'none', state: 'failed', codes, reason: '', leftovers: 'none' };
  // A plan that finds no way touches nothing.
  return effect.staysAway === true && effect.step !== 'plan' ? held(failed) : failed;
}

function held(decision: Decision): Decision {
  return { ...decision, codes: [...decision.codes, 'L-RUN-107'], leftovers: 'until the array is back' };
}
