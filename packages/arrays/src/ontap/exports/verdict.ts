import { clientMatches, type ResolveHost } from './client-match.ts';
import { isOwnRule } from './own-rule.ts';
import type { ExportRule } from './rule-record.ts';

/** `read`: files of root must be readable. `traverse`: passing through on the way to a volume is enough. */
export type Need = 'read' | 'traverse';

/**
 * What the administrator's rules say of an address (ours are left out):
 * - `admits`: nothing to do;
 * - `silent`: no rule decides, so a rule in last place will;
 * - `refuses`: an earlier rule decides against it, or may do so, and a rule in last place cannot help.
 */
export type Verdict =
  | { readonly kind: 'admits' | 'silent'; readonly doubt?: string }
  | { readonly kind: 'refuses'; readonly reason: string };

/** The first rule that matches client and protocol decides. Rules are in the array's order. */
export async function verdictOn(
  rules: readonly ExportRule[],
  address: string,
  need: Need,
  resolveHost?: ResolveHost,
  signal?: AbortSignal,
): Promise<Verdict> {
  const relevant = rules.filter((rule) => !isOwnRule(rule) && coversNfs3(rule));
  if (relevant.length > 0 && relevant.every(isKerberosOnly))
    return {
      kind: 'refuses',
      reason: 'all its rules demand Kerberos, which no rule of ours should undermine',
    };
  const doubts: string[] = [];
  for (const rule of relevant) {
    const { verdict, match } = await matchOf(rule, address, resolveHost, signal);
    if (verdict === 'no') continue;
    const refusal = whyRefuses(rule, need);
    const name = `rule ${rule.index} (${match})`;
    if (verdict === 'yes') {
      if (refusal === undefined) return { kind: 'admits' };
      return { kind: 'refuses', reason: `its ${name} comes first for ${address} and ${refusal}` };
    }
    // A rule that may or may not match and would admit does no harm in either case.
    if (refusal !== undefined)
      return {
        kind: 'refuses',
        reason: `only the array can tell whether its ${name} matches ${address}; it ${refusal}`,
      };
    doubts.push(name);
  }
  if (doubts.length === 0) return { kind: 'silent' };
  return {
    kind: 'silent',
    doubt: `only the array can tell whether ${doubts.join(' and ')} admits ${address} already`,
  };
}

async function matchOf(rule: ExportRule, address: string, resolveHost?: ResolveHost, signal?: AbortSignal) {
  let unknown: string | undefined;
  for (const { match } of rule.clients) {
    const verdict = await clientMatches(match, address, resolveHost, signal);
    if (verdict === 'yes') return { verdict, match };
    if (verdict === 'unknown') unknown ??= match;
  }
  return unknown === undefined
    ? { verdict: 'no' as const, match: '' }
    : { verdict: 'unknown' as const, match: unknown };
}

/** Why a matching rule is not enough, or `undefined` when it is. */
function whyRefuses({ ro_rule, superuser }: ExportRule, need: Need): string | undefined {
  if (need === 'traverse')
    return has(ro_rule, 'sys', 'any', 'none') ? undefined : 'does not let it read with AUTH_SYS';
  if (!has(ro_rule, 'sys', 'any')) return 'does not let it read with AUTH_SYS';
  return has(superuser, 'sys', 'any')
    ? undefined
    : 'turns root into an anonymous user, who cannot read disks';
}

function coversNfs3({ protocols }: ExportRule): boolean {
  return protocols.length === 0 || has(protocols, 'any', 'nfs', 'nfs3');
}

function isKerberosOnly({ ro_rule }: ExportRule): boolean {
  return ro_rule.length > 0 && ro_rule.every((flavor) => flavor.startsWith('krb5'));
}

function has(values: readonly string[], ...wanted: readonly string[]): boolean {
  return wanted.some((value) => values.includes(value));
}
