import type { OntapArray } from '../ontap-array.ts';
import type { Gatekeeper } from './junction-chain.ts';
import { readRules } from './rule-record.ts';
import { verdictOn } from './verdict.ts';

export interface PlannedRule {
  readonly policyId: number;
  readonly policyName: string;
  readonly address: string;
}

/** Rules to add, or why adding rules cannot help. */
export type RulePlan =
  | { readonly possible: true; readonly rules: readonly PlannedRule[]; readonly doubts: readonly string[] }
  | { readonly possible: false; readonly reason: string };

/** Which rules of ours all gatekeepers need, so that every address passes; only where none admits it already. */
export async function planRules(
  array: OntapArray,
  gatekeepers: readonly Gatekeeper[],
  addresses: readonly string[],
  signal?: AbortSignal,
): Promise<RulePlan> {
  const rules = new Map<string, PlannedRule>();
  const doubts: string[] = [];
  for (const { policyId, policyName, volume, need } of gatekeepers) {
    const existing = await readRules(array, policyId, signal);
    for (const address of addresses) {
      const verdict = await verdictOn(existing, address, need, array.deps.resolveHost, signal);
      const policy = `export policy ${policyName} of the volume ${volume}`;
      if (verdict.kind === 'refuses') return { possible: false, reason: `${policy}: ${verdict.reason}` };
      if (verdict.doubt) doubts.push(`${policy}: ${verdict.doubt}`);
      if (verdict.kind === 'silent') rules.set(`${policyId} ${address}`, { policyId, policyName, address });
    }
  }
  return { possible: true, rules: [...rules.values()], doubts };
}
