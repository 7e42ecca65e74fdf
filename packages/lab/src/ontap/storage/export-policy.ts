import type { Svm } from './svm.ts';

export interface ExportRule {
  index: number;
  clients: string[];
  protocols: string[];
  ro: string[];
  rw: string[];
  superuser: string[];
  anonymousUser: string;
  allowSuid: boolean;
  allowDeviceCreation: boolean;
  chownMode: string;
  ntfsUnixSecurity: string;
}

export interface ExportPolicy {
  /** 64-bit, above 2^32 as on the real system. */
  readonly id: number;
  name: string;
  readonly svm: Svm;
  rules: ExportRule[];
}

/** Puts a rule at its index; rules from there on move up by one, as far as the first gap. */
export function insertRule(policy: ExportPolicy, rule: ExportRule): void {
  let moving = rule.index;
  const byIndex = new Map(policy.rules.map((one) => [one.index, one]));
  for (let next = byIndex.get(moving); next; next = byIndex.get(moving)) {
    moving++;
    next.index = moving;
  }
  policy.rules.push(rule);
  policy.rules.sort((a, b) => a.index - b.index);
}

export function nextIndex(policy: ExportPolicy): number {
  return Math.max(0, ...policy.rules.map((rule) => rule.index)) + 1;
}

export function sameRule(a: ExportRule, b: ExportRule): boolean {
  const key = ({ index: _, ...rest }: ExportRule) =>
    JSON.stringify({ ...rest, clients: [...rest.clients].sort(), protocols: [...rest.protocols].sort() });
  return key(a) === key(b);
}
