import { expect, it } from 'vitest';
import { requireFittingOidc } from './require-oidc.ts';

const defaults = {
  ...{ scopes: ['openid'], usernameClaim: 'preferred_username', roleClaim: 'groups', label: 'In', roles: [] },
};
const roles = [{ value: 'ops', role: 'operator' }];
const first = { issuer: 'https://login.test/x', clientId: 'leeward', roles };

it('takes what is given over what was there, and null takes back', () => {
  const set = requireFittingOidc(undefined, { ...first, domains: ['a.test'], label: 'Staff' }, defaults);
  expect(set).toEqual({ ...defaults, ...first, secretFrom: 'none', domains: ['a.test'], label: 'Staff' });
  const changed = requireFittingOidc(set, { domains: null, label: null, clientId: 'other' }, defaults);
  expect(changed).toEqual({ ...defaults, ...first, secretFrom: 'none', clientId: 'other' });
});

it.each([
  [{ issuer: undefined }, /issuer/],
  [{ issuer: 'login.test' }, /https/],
  [{ issuer: 'http://login.test' }, /https/],
  [{ issuer: 'http://127.0.0.1.evil.test' }, /https/],
  [{ publicUrl: 'https://x.test/leeward' }, /nothing after/],
  [{ scopes: ['profile'] }, /openid/],
  [{ roles: [] }, /nobody could sign in/],
  [{ roles: [{ value: 'a', role: 'administrator', scope: { jobs: ['a'] } }] }, /L-AUT-112/],
])('refuses %j', (other, reason) => {
  expect(() => requireFittingOidc(undefined, { ...first, ...other }, defaults)).toThrow(reason);
});

it.each(['http://127.0.0.1:8080', 'http://localhost/x', 'http://[::1]:1', 'https://login.test'])(
  'takes %s',
  (issuer) => {
    expect(requireFittingOidc(undefined, { ...first, issuer }, defaults)).toMatchObject({ issuer });
  },
);
