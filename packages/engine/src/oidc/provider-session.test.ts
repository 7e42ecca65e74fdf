import { describe, expect, it } from 'vitest';
import type { OidcSettings } from '../store/oidc.ts';
import { providerSessionOf, signOutUrl } from './provider-session.ts';

const issuer = 'https://login.test';
const settings: OidcSettings = {
  ...{ issuer, clientId: 'leeward', secretFrom: 'none', scopes: ['openid'], label: 'In', roles: [] },
  ...{ usernameClaim: 'preferred_username', roleClaim: 'groups' },
};
const session = { issuer, endpoint: 'https://login.test/end?tenant=a', idToken: 'to.ke.n' };

describe('a session at a provider', () => {
  it('can be ended where the provider offers it over an encrypted connection', () => {
    expect(providerSessionOf(issuer, session.endpoint, 'to.ke.n')).toEqual(session);
    expect(providerSessionOf(issuer, 'http://127.0.0.1:1/end', undefined)).toMatchObject({ issuer });
    const unsafe = [
      undefined,
      'no address',
      'http://login.test/end',
      'javascript:alert(1)',
      'ftp://127.0.0.1/',
    ];
    for (const endpoint of unsafe) expect(providerSessionOf(issuer, endpoint, 'x')).toBeUndefined();
  });

  it('goes without a token that is too long for an address', () => {
    expect(providerSessionOf(issuer, session.endpoint, 'x'.repeat(5_001))).not.toHaveProperty('idToken');
  });

  it('is ended with what the provider needs to know, coming back to this server', () => {
    const url = new URL(signOutUrl(session, settings, 'https://here:8443') ?? '');
    expect(url.origin + url.pathname).toBe('https://login.test/end');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ tenant: 'a', client_id: 'leeward', id_token_hint: 'to.ke.n' },
      post_logout_redirect_uri: 'https://here:8443/',
    });
    const behind = signOutUrl(session, { ...settings, publicUrl: 'https://backup.test' }, 'https://here');
    expect(new URL(behind ?? '').searchParams.get('post_logout_redirect_uri')).toBe('https://backup.test/');
  });

  it('is left alone where that is set, and where the provider is not that one any more', () => {
    for (const now of [
      undefined,
      { ...settings, issuer: 'https://other.test' },
      { ...settings, signOutAtProvider: false },
    ])
      expect(signOutUrl(session, now, 'https://here')).toBeUndefined();
  });
});
