import { LeewardError } from '@leeward/core';
import type { ConfigurationPlan, ConfigurationStep } from '@leeward/server';

export interface ApplyOptions {
  /** Of objects that are there already, passwords are sent too. */
  readonly passwords: boolean;
  /** What is removed: `kind/name`. */
  readonly prune: readonly string[];
  readonly dryRun: boolean;
}

/** What was, or with `dryRun` would be, done with one object. */
export interface AppliedStep extends Omit<ConfigurationStep, 'request' | 'secrets' | 'action'> {
  readonly action: 'create' | 'change' | 'unchanged' | 'remove' | 'left';
}

/** A step of a plan as it is taken. */
export interface Deed {
  readonly applied: AppliedStep;
  readonly step: ConfigurationStep;
  /** False: nothing is asked of the server. */
  readonly isAsked: boolean;
  readonly secrets: ConfigurationStep['secrets'];
}

/** In the order of the plan. Throws `L-OPS-103` for what is to be removed and cannot be. */
export function deedsOf({ steps }: ConfigurationPlan, options: ApplyOptions): readonly Deed[] {
  requireSurplus(steps, options.prune);
  return steps.map((step) => deedOf(step, options));
}

function deedOf(step: ConfigurationStep, { passwords, prune }: ApplyOptions): Deed {
  const { kind, name, changes, action } = step;
  const common = { kind, name, changes };
  if (action === 'surplus') {
    const isAsked = prune.includes(keyOf(step));
    return { applied: { ...common, action: isAsked ? 'remove' : 'left' }, step, isAsked, secrets: [] };
  }
  const isNew = action === 'create';
  const secrets = isNew || passwords ? step.secrets : step.secrets.filter((each) => isOfChange(step, each));
  const isChanged = action !== 'unchanged' || secrets.length > 0;
  const told = isNew ? 'create' : isChanged ? 'change' : 'unchanged';
  const sent = secrets.map(({ field }) => ({ field, to: '(secret)' }));
  return {
    applied: { ...common, action: told, changes: isNew ? changes : [...changes, ...sent] },
    ...{ step, isAsked: isChanged, secrets },
  };
}

/** A CHAP or mail account that changes needs its password with it. */
function isOfChange(
  { changes }: ConfigurationStep,
  { field }: ConfigurationStep['secrets'][number],
): boolean {
  const account = {
    'chap.password': 'chap',
    'chap.mutual.password': 'chap',
    'target.password': 'target.username',
  }[field];
  return account !== undefined && changes.some((change) => change.field === account);
}

function requireSurplus(steps: readonly ConfigurationStep[], prune: readonly string[]): void {
  for (const name of prune) {
    const step = steps.find((each) => keyOf(each) === name);
    if (!step)
      throw new LeewardError('L-OPS-103', {
        name,
        reason: 'there is no such thing in the file or on the server',
      });
    if (step.action !== 'surplus') throw new LeewardError('L-OPS-103', { name, reason: 'the file has it' });
    if (!step.request)
      throw new LeewardError('L-OPS-103', { name, reason: 'such a thing cannot be removed' });
  }
}

function keyOf({ kind, name }: Pick<ConfigurationStep, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}
