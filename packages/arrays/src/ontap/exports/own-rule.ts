import { sameAddress } from './client-match.ts';
import type { ExportRule } from './rule-record.ts';

/**
 * Export rules carry no comment, so what we add is known by its content: read-only for one address, and
 * settings that nobody chooses by chance together, foremost this id for anonymous users.
 */
const markUserId = '65523';

/** The rule that lets one address read as root over NFS 3 and do nothing else. */
export function ownRuleBody(address: string) {
  return {
    clients: [{ match: address }],
    protocols: ['nfs3'],
    ro_rule: ['sys'],
    rw_rule: ['never'],
    superuser: ['sys'],
    anonymous_user: markUserId,
    allow_suid: false,
    allow_device_creation: false,
  };
}

/** True for a rule that we added, whatever its address. */
export function isOwnRule(rule: ExportRule): boolean {
  return (
    rule.anonymous_user === markUserId &&
    rule.clients.length === 1 &&
    only(rule.protocols, 'nfs3') &&
    only(rule.ro_rule, 'sys') &&
    only(rule.rw_rule, 'never') &&
    only(rule.superuser, 'sys') &&
    rule.allow_suid !== true &&
    rule.allow_device_creation !== true
  );
}

export function isOwnRuleFor(rule: ExportRule, address: string): boolean {
  const match = rule.clients[0]?.match ?? '';
  return isOwnRule(rule) && (match === address || sameAddress(match, address));
}

function only(values: readonly string[], value: string): boolean {
  return values.length === 1 && values[0] === value;
}
