import { isError, isoTime, LeewardError } from '@leeward/core';
import * as client from 'openid-client';
import { bearerHash, newBearerSecret } from '../access/bearer-secret.ts';
import { networkOf } from '../access/login-throttle.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { type Claims, hasClaims, type Mapped, mapClaims } from '../oidc/claims.ts';
import { discoverProvider, providerError } from '../oidc/provider.ts';
import { providerSessionOf, signOutUrl } from '../oidc/provider-session.ts';
import type { OidcSettings } from '../store/oidc.ts';
import type { ProviderSession } from '../store/sessions.ts';
import type { PendingSignIn } from '../store/sign-ins.ts';
import type { User } from '../store/users.ts';
import { requireFittingOidc } from './require-oidc.ts';
import type { OpenedSession, SessionService } from './session-service.ts';

/** What is left out stays as it is; `null`: none. */
export type EditOidc = {
  readonly [K in keyof OidcSettings]?: OidcSettings[K] | null | undefined;
} & {
  /** Sealed in the database. */
  readonly clientSecret?: string | undefined;
};

export interface OidcTest {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
}

const secretId = 'oidc-client-secret';
const secretVariable = 'LEEWARD_OIDC_CLIENT_SECRET';

const defaults = {
  scopes: ['openid', 'profile', 'email'],
  usernameClaim: 'preferred_username',
  roleClaim: 'groups',
  label: 'Single sign-on',
  roles: [],
} as const;

/** Signing in at a provider of OpenID Connect: authorization code with PKCE, state and nonce. */
export class OidcService {
  readonly #deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>;
  readonly #sessions: SessionService;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(
    deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>,
    sessions: SessionService,
    environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.#deps = deps;
    this.#sessions = sessions;
    this.#environment = environment;
  }

  /** Undefined: not set up. */
  find(): Promise<OidcSettings | undefined> {
    return this.#deps.store.oidc.find();
  }

  /** Throws `L-AUT-150`. */
  async show(): Promise<OidcSettings> {
    const settings = await this.find();
    if (!settings) throw new LeewardError('L-AUT-150');
    return settings;
  }

  /** The provider is asked first: `L-AUT-151`. */
  async edit({ clientSecret, ...changes }: EditOidc): Promise<OidcSettings> {
    const { store } = this.#deps;
    const settings = requireFittingOidc(
      await this.find(),
      {
        ...changes,
        ...(clientSecret === undefined ? {} : { secretFrom: 'stored' }),
      },
      defaults,
    );
    const secret =
      clientSecret !== undefined && settings.secretFrom === 'stored'
        ? clientSecret
        : await this.#secret(settings);
    await discoverProvider(settings, secret);
    if (settings.secretFrom !== 'stored') await store.secrets.remove(secretId);
    else if (clientSecret !== undefined) await store.secrets.put(secretId, clientSecret);
    await store.oidc.put(settings);
    return settings;
  }

  /** Users who sign in there stay, and cannot any more. */
  async remove(): Promise<OidcSettings> {
    const settings = await this.show();
    await this.#deps.store.oidc.remove();
    await this.#deps.store.secrets.remove(secretId);
    return settings;
  }

  async test(): Promise<OidcTest> {
    const settings = await this.show();
    const found = (await discoverProvider(settings, await this.#secret(settings))).serverMetadata();
    const { issuer, authorization_endpoint: authorization = '', token_endpoint: token = '' } = found;
    return { issuer, authorizationEndpoint: authorization, tokenEndpoint: token };
  }

  /**
   * Where a browser goes to sign in, and the secret by which it is known when it comes back, to whichever server. `ownUrl`:
   * how it reached this one; `address`: where it is. Throws `L-AUT-104`, `L-AUT-150`, `L-AUT-151`.
   */
  async begin(ownUrl: string, address: string): Promise<{ readonly url: string; readonly secret: string }> {
    const settings = await this.show();
    const { store, clock, randomness } = this.#deps;
    const network = networkOf(address);
    await store.signIns.requireRoom(network, clock.now());
    const provider = await discoverProvider(settings, await this.#secret(settings));
    const [state, nonce, verifier] = [
      client.randomState(),
      client.randomNonce(),
      client.randomPKCECodeVerifier(),
    ];
    const redirectUri = redirectUriOf(settings, ownUrl);
    const secret = newBearerSecret(randomness);
    const pending = { state, nonce, verifier, redirectUri };
    await store.signIns.add(bearerHash(secret), network, pending, clock.now());
    const url = client.buildAuthorizationUrl(provider, {
      ...{ redirect_uri: redirectUri, scope: settings.scopes.join(' '), state, nonce },
      ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    });
    return { url: url.href, secret };
  }

  /** `answer`: the query that the browser came back with. Throws `L-AUT-150` to `L-AUT-156`. */
  async finish(secret: string | undefined, answer: string): Promise<OpenedSession> {
    const settings = await this.show();
    const { store, clock } = this.#deps;
    const pending = secret && (await store.signIns.take(bearerHash(secret), clock.now()));
    if (!pending) throw new LeewardError('L-AUT-153');
    const provider = await discoverProvider(settings, await this.#secret(settings));
    const { subject, mapped, idToken } = await this.#whoIs(provider, settings, pending, answer);
    const user = await this.#user(subject, mapped);
    const { end_session_endpoint: endpoint } = provider.serverMetadata();
    return this.#sessions.open(user, providerSessionOf(settings.issuer, endpoint, idToken));
  }

  /**
   * Where a browser goes, once its session has ended here, to end it at the provider too; undefined: nowhere. `ownUrl`: how
   * it reaches this server. Asks nobody.
   */
  async signOutUrl(session: ProviderSession, ownUrl: string): Promise<string | undefined> {
    return signOutUrl(session, await this.find(), ownUrl);
  }

  async #whoIs(
    provider: client.Configuration,
    settings: OidcSettings,
    { state, nonce, verifier, redirectUri }: PendingSignIn,
    answer: string,
  ): Promise<{ readonly subject: string; readonly mapped: Mapped; readonly idToken?: string | undefined }> {
    const back = new URL(redirectUri);
    back.search = answer;
    try {
      const tokens = await client.authorizationCodeGrant(provider, back, {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
      });
      const told = tokens.claims();
      if (!told)
        throw new LeewardError('L-AUT-152', { issuer: settings.issuer, reason: 'it has no ID token' });
      let claims: Claims = told;
      const canTellMore = provider.serverMetadata().userinfo_endpoint !== undefined;
      if (!hasClaims(claims, settings) && canTellMore)
        claims = { ...(await client.fetchUserInfo(provider, tokens.access_token, told.sub)), ...told };
      const { id_token: idToken } = tokens;
      return { subject: `${told.iss} ${told.sub}`, mapped: mapClaims(claims, settings), idToken };
    } catch (error) {
      throw providerError(settings.issuer, error, 'L-AUT-152');
    }
  }

  /** Made at the first sign-in; the role is as the provider says, at every one. */
  async #user(subject: string, mapped: Mapped): Promise<User> {
    const { store, clock, randomness } = this.#deps;
    const { name } = mapped;
    if ('refused' in mapped) throw new LeewardError('L-AUT-154', { name, reason: mapped.refused });
    const { role, scope } = mapped;
    const known = await store.users.bySubject(subject);
    if (known?.disabled) throw new LeewardError('L-AUT-154', { name, reason: 'it is disabled here' });
    if (known) {
      await store.users.change(known, { role, scope: scope ?? null });
      return { ...known, role };
    }
    const user = { id: randomness.uuid(), name, role, scope, subject, createdAt: isoTime(clock.now()) };
    try {
      await store.users.add(user);
    } catch (error) {
      throw isError(error, 'L-CFG-101') ? new LeewardError('L-AUT-155', { name }, error) : error;
    }
    const made = await store.users.bySubject(subject);
    if (!made) throw new LeewardError('L-AUT-154', { name, reason: 'it was removed meanwhile' });
    return made;
  }

  async #secret({ issuer, secretFrom }: OidcSettings): Promise<string | undefined> {
    if (secretFrom === 'none') return undefined;
    if (secretFrom === 'stored') return this.#deps.store.secrets.reveal(secretId);
    const secret = this.#environment[secretVariable];
    if (secret) return secret;
    throw new LeewardError('L-AUT-151', { issuer, reason: `${secretVariable} is not set on the server` });
  }
}

/** Page of the console that people come back to; the provider has to know it. */
function redirectUriOf({ publicUrl }: OidcSettings, ownUrl: string): string {
  return `${publicUrl ?? ownUrl}/sign-in/provider`;
}
