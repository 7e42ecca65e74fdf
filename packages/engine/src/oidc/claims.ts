import type { JobScope } from '@leeward/core/access/job-scope';
import type { Role } from '@leeward/core/access/role';
import type { OidcSettings } from '../store/oidc.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** Who somebody is here by what the provider says, or why nobody. */
export type Mapped =
  | { readonly name: string; readonly role: Role; readonly scope?: JobScope | undefined }
  | { readonly name: string; readonly refused: string };

/** As `POST /users` takes names. */
const goodName = /^[^\p{Cc}\p{Z}/]{1,64}$/u;

/** By the name claim, the domain of a verified address, and the first rule whose value the role claim has. */
export function mapClaims(claims: Claims, settings: Omit<OidcSettings, 'issuer' | 'clientId'>): Mapped {
  const { usernameClaim, roleClaim, roles, domains } = settings;
  const [name = ''] = textsOf(claims, usernameClaim);
  const known = name.slice(0, 64) || String(claims['sub']);
  if (!goodName.test(name) || name.toLowerCase() === 'local')
    return { name: known, refused: `its claim ${usernameClaim} is no name that a user can have` };
  const outside = domains && domainProblem(claims, domains);
  if (outside !== undefined) return { name, refused: outside };
  const values = textsOf(claims, roleClaim);
  const rule = roles.find(({ value }) => values.includes(value));
  if (rule) return { name, role: rule.role, scope: rule.scope };
  const seen = values.length === 0 ? 'is missing' : 'has no value that has a role here';
  return { name, refused: `its claim ${roleClaim} ${seen}` };
}

/** Whether all that is needed is there, or more has to be asked for. */
export function hasClaims(claims: Claims, { usernameClaim, roleClaim }: OidcSettings): boolean {
  return [usernameClaim, roleClaim].every((claim) => textsOf(claims, claim).length > 0);
}

function domainProblem(claims: Claims, domains: readonly string[]): string | undefined {
  const { email, email_verified: isVerified } = claims;
  if (typeof email !== 'string' || isVerified !== true)
    return 'it has no e-mail address that the provider has verified';
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  const isAllowed = domains.some((each) => each.toLowerCase() === domain);
  return isAllowed ? undefined : `e-mail addresses of ${domain} are not allowed`;
}

/** Texts of a claim, also of one inside of others: `realm_access.roles`. */
function textsOf(claims: Claims, path: string): readonly string[] {
  const whole = claims[path] ?? path.split('.').reduce<unknown>(inside, claims);
  return [whole].flat().filter((each) => typeof each === 'string');
}

function inside(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}
