import { LeewardError } from '@leeward/core';
import { isOfThisMachine } from '../oidc/provider.ts';
import { type OidcSettings, oidcSchema } from '../store/oidc.ts';
import { requireFittingScope } from './require-scope.ts';

/**
 * What was set with the changes; `null` takes back. Throws `L-CFG-103` for what cannot be, `L-AUT-112` for a rule that gives
 * administrators a scope.
 */
export function requireFittingOidc(
  before: OidcSettings | undefined,
  changes: object,
  defaults: Partial<Record<keyof OidcSettings, unknown>>,
): OidcSettings {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const all = { secretFrom: 'none', ...defaults, ...before, ...Object.fromEntries(given) };
  const set = Object.entries(all).filter(([, value]) => value !== null);
  const parsed = oidcSchema.safeParse({ ...defaults, ...Object.fromEntries(set) });
  const refuse = (problem: string): never => {
    throw new LeewardError('L-CFG-103', { problem });
  };
  if (!parsed.success)
    return refuse(parsed.error.issues.map(({ path }) => `${path.join('.')} is missing`).join('; '));
  const { issuer, publicUrl, scopes, roles } = parsed.data;
  const isSafe = URL.canParse(issuer) && (new URL(issuer).protocol === 'https:' || isOfThisMachine(issuer));
  if (!isSafe) refuse('the issuer has to be an address with https, but for one of this machine.');
  if (publicUrl !== undefined && URL.parse(publicUrl)?.origin !== publicUrl)
    refuse('the public address has to be like https://host:8443, with nothing after it.');
  if (!scopes.includes('openid')) refuse('the scope openid is needed.');
  if (roles.length === 0) refuse('no group has a role: nobody could sign in.');
  for (const { role, scope } of roles) requireFittingScope(role, scope);
  return parsed.data;
}
