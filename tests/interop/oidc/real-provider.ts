import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
// @ts-expect-error The package has no types.
import Provider from 'oidc-provider';

/** Of the package, only what is used here. */
const ProviderOf: new (issuer: string, configuration: object) => { callback(): RequestListener } = Provider;

export interface Account {
  readonly groups: readonly string[];
  readonly email?: string;
}

export interface ProviderOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** Where it sends who signed out. */
  readonly postLogoutRedirectUris: readonly string[];
  readonly accounts: Readonly<Record<string, Account>>;
}

export interface RunningProvider {
  readonly issuer: string;
  close(): Promise<void>;
}

/** `oidc-provider` on a free port of the loopback: it asks for any password, and for consent. */
export async function startProvider(options: ProviderOptions): Promise<RunningProvider> {
  const { clientId, clientSecret, redirectUris, postLogoutRedirectUris, accounts } = options;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new ProviderOf(issuer, {
    clients: [
      {
        ...{ client_id: clientId, client_secret: clientSecret, redirect_uris: redirectUris },
        ...{ grant_types: ['authorization_code'], response_types: ['code'] },
        post_logout_redirect_uris: postLogoutRedirectUris,
      },
    ],
    claims: { profile: ['preferred_username'], email: ['email', 'email_verified'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => {
        const { groups = [], email } = accounts[id] ?? {};
        return { sub: id, preferred_username: id, groups, ...(email ? { email, email_verified: true } : {}) };
      },
    }),
  });
  server.on('request', provider.callback());
  return {
    issuer,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
