import { describe, expect, it } from 'vitest';
import type { OidcSettings } from '../store/oidc.ts';
import { hasClaims, mapClaims } from './claims.ts';

const settings: OidcSettings = {
  ...{
    issuer: 'https://login.test',
    clientId: 'leeward',
    secretFrom: 'none',
    scopes: ['openid'],
    label: 'In',
  },
  ...{ usernameClaim: 'preferred_username', roleClaim: 'groups' },
  roles: [
    { value: 'admins', role: 'administrator' },
    { value: 'ops', role: 'operator', scope: { jobs: ['a-*'] } },
  ],
};
const claims = { sub: '1', preferred_username: 'ann', groups: ['staff', 'ops'] };

describe('claims of a provider', () => {
  it('say the name, and the role by the first rule that fits', () => {
    expect(mapClaims(claims, settings)).toEqual({ name: 'ann', role: 'operator', scope: { jobs: ['a-*'] } });
    const both = { ...claims, groups: ['ops', 'admins'] };
    expect(mapClaims(both, settings)).toMatchObject({ role: 'administrator' });
    expect(mapClaims({ ...claims, groups: 'ops' }, settings)).toMatchObject({ role: 'operator' });
  });

  it('may lie inside of others, also where their names have dots', () => {
    const nested = {
      sub: '1',
      preferred_username: 'ann',
      realm: { roles: ['ops'] },
      'https://x.y/r': 'admins',
    };
    expect(mapClaims(nested, { ...settings, roleClaim: 'realm.roles' })).toMatchObject({ role: 'operator' });
    expect(mapClaims(nested, { ...settings, roleClaim: 'https://x.y/r' })).toMatchObject({
      role: 'administrator',
    });
    expect(mapClaims(nested, { ...settings, roleClaim: 'constructor.name' })).toHaveProperty('refused');
  });

  it.each([
    ['no group', { groups: undefined }, 'claim groups is missing'],
    ['another group', { groups: ['staff'] }, 'has no value that has a role'],
    ['a part of a group', { groups: ['op', 'opss', 'OPS'] }, 'has no value that has a role'],
    ['something else as group', { groups: [{ ops: true }, 1] }, 'is missing'],
    ['no name', { preferred_username: undefined }, 'is no name'],
    ['a name with blanks', { preferred_username: 'ann b' }, 'is no name'],
    ['a name that is too long', { preferred_username: 'a'.repeat(65) }, 'is no name'],
    ['the name of the owner', { preferred_username: 'Local' }, 'is no name'],
  ])('with %s nobody is let in', (_what, other, reason) => {
    expect(mapClaims({ ...claims, ...other }, settings)).toMatchObject({
      refused: expect.stringContaining(reason),
    });
  });

  it('let in only verified addresses of the domains, where some are set', () => {
    const only = { ...settings, domains: ['example.com'] };
    const mail = (email: unknown, isVerified: unknown) =>
      mapClaims({ ...claims, email, email_verified: isVerified }, only);
    expect(mail('ann@Example.com', true)).toMatchObject({ role: 'operator' });
    for (const [email, isVerified] of [
      ['ann@example.com', false],
      ['ann@example.com', 'true'],
      ['ann@example.com', undefined],
      ['ann@example.com.evil.test', true],
      ['ann@evil.test@example.org', true],
      [undefined, true],
    ] as const)
      expect(mail(email, isVerified)).toHaveProperty('refused');
  });

  it('are asked for where they are not in the token', () => {
    expect(hasClaims(claims, settings)).toBe(true);
    expect(hasClaims({ sub: '1', preferred_username: 'ann' }, settings)).toBe(false);
  });
});
