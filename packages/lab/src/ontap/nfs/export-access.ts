import type { Clock } from '@leeward/core';
import type { ExportPolicy } from '../storage/export-policy.ts';
import { clientMatches } from './client-match.ts';

export interface Verdict {
  readonly read: boolean;
  readonly write: boolean;
  /** uid 0 stays uid 0. */
  readonly root: boolean;
  /** The flavour is only admitted as the anonymous user. */
  readonly anonymous: boolean;
  readonly anonymousUid: number;
}

export const denied: Verdict = {
  read: false,
  write: false,
  root: false,
  anonymous: false,
  anonymousUid: 65534,
};

/** The first rule whose clients and protocols match decides; none means denied. */
export function evaluate(policy: ExportPolicy, address: string, flavor: 'none' | 'sys'): Verdict {
  const rule = policy.rules.find(
    ({ clients, protocols }) =>
      protocols.some((protocol) => ['any', 'nfs', 'nfs3'].includes(protocol)) &&
      clients.some((match) => clientMatches(match, address)),
  );
  if (!rule) return denied;
  const read = admits(rule.ro, flavor);
  const write = admits(rule.rw, flavor);
  const superuser = admits(rule.superuser, flavor);
  return {
    read: read !== 'no',
    write: read !== 'no' && write !== 'no',
    root: superuser === 'yes',
    anonymous: read === 'anonymous' || flavor === 'none',
    anonymousUid:
      Number(rule.anonymousUser) || (rule.anonymousUser === '0' || rule.anonymousUser === 'root' ? 0 : 65534),
  };
}

/** `none` in a list admits flavours that the list does not name, as the anonymous user. */
function admits(list: readonly string[], flavor: 'none' | 'sys'): 'yes' | 'anonymous' | 'no' {
  if (list.includes('never')) return 'no';
  if (list.includes('any') || (flavor === 'sys' && list.includes('sys'))) return 'yes';
  return list.includes('none') ? 'anonymous' : 'no';
}

export interface AccessCacheTimes {
  readonly positiveMs: number;
  readonly negativeMs: number;
}

interface Entry {
  readonly verdict: Verdict;
  readonly untilMs: number;
}

/** Verdicts per policy and client, kept as long as the array keeps them when `times` are given, else not at all. */
export class ExportAccess {
  readonly #clock: Clock;
  readonly #times: AccessCacheTimes | undefined;
  readonly #cache = new Map<string, Entry>();

  constructor(clock: Clock, times: AccessCacheTimes | undefined) {
    this.#clock = clock;
    this.#times = times;
  }

  verdict(policy: ExportPolicy, address: string, flavor: 'none' | 'sys'): Verdict {
    if (!this.#times) return evaluate(policy, address, flavor);
    const key = `${policy.id} ${address} ${flavor}`;
    const now = this.#clock.now();
    const known = this.#cache.get(key);
    if (known && known.untilMs > now) return known.verdict;
    const verdict = evaluate(policy, address, flavor);
    const keptMs = verdict.read ? this.#times.positiveMs : this.#times.negativeMs;
    this.#cache.set(key, { verdict, untilMs: now + keptMs });
    return verdict;
  }

  flush(): void {
    this.#cache.clear();
  }
}
