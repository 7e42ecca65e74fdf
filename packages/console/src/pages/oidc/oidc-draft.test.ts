import { expect, it } from 'vitest';
import type { OidcSettings } from '../../api/oidc.ts';
import { draftOf, isReady, newOidc, oidcBody, oidcCommand } from './oidc-draft.ts';

const plain = (text: string) => text;
const settings: OidcSettings = {
  ...{ issuer: 'https://id.example', clientId: 'leeward', secretFrom: 'stored' },
  ...{ scopes: ['openid', 'profile', 'email'], usernameClaim: 'email', roleClaim: 'groups' },
  roles: [
    { value: 'admins', role: 'administrator' },
    { value: 'ops', role: 'operator', scope: { jobs: ['a-*', 'b'] } },
  ],
  ...{ label: 'Single sign-on', domains: ['example.com'], publicUrl: 'https://backup.example' },
};

it('sends back what was read as it was, with nothing for the secret', () => {
  const { domains, publicUrl, secretFrom: _, ...rest } = settings;
  expect(oidcBody(draftOf(settings))).toEqual({ ...rest, domains, publicUrl, caPem: null });
  expect(isReady(draftOf(settings), settings)).toBe(true);
  expect(oidcCommand(draftOf(settings), plain, settings)).toBe('leeward oidc set');
});

it('sets it up, and shows no secret in the command', () => {
  const draft = {
    ...{ ...newOidc, issuer: 'https://id.example', clientId: 'leeward', clientSecret: 'very secret' },
    rules: [{ value: 'ops', role: 'operator', jobs: 'a-*, b' }, ...newOidc.rules],
  } as const;
  expect(isReady(newOidc, undefined)).toBe(false);
  expect(isReady({ ...draft, clientSecret: '' }, undefined)).toBe(false);
  expect(isReady(draft, undefined)).toBe(true);
  expect(oidcBody(draft)).toMatchObject({
    ...{ issuer: 'https://id.example', clientId: 'leeward', clientSecret: 'very secret', publicUrl: null },
    roles: [{ value: 'ops', role: 'operator', scope: { jobs: ['a-*', 'b'] } }],
  });
  expect(oidcCommand(draft, plain)).toBe(
    'leeward oidc set --issuer https://id.example --client-id leeward --client-secret-file FILE --map ops=operator:a-*,b',
  );
});

it('takes back, and shows the command for it', () => {
  const draft = {
    ...draftOf(settings),
    domains: '',
    publicUrl: '',
    usernameClaim: '',
    secretFrom: 'none',
  } as const;
  expect(oidcBody(draft)).toMatchObject({
    ...{ domains: null, publicUrl: null, usernameClaim: null, secretFrom: 'none' },
  });
  expect(oidcCommand(draft, plain, settings)).toBe(
    'leeward oidc set --secret-from none --username-claim preferred_username --no-domains --no-public-url',
  );
  const here = { ...draftOf(settings), signOutAtProvider: false };
  expect(oidcBody(here, settings)).toMatchObject({ signOutAtProvider: false });
  expect(oidcCommand(here, plain, settings)).toBe('leeward oidc set --sign-out-here');
});
