import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningProvider } from './real-provider.ts';

/** What is wrong with the ID token: claims instead of the right ones, or another key. */
export interface Fault {
  readonly claims?: (right: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  readonly otherKey?: boolean;
}

export interface FaultyProvider extends RunningProvider {
  /** Of the next token. */
  fault: Fault;
  /** As the browser was told. */
  nonce: string;
}

const keys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** A provider that gives an ID token for any code, with a fault. What a sound one does `oidc-provider` shows. */
export async function startFaultyProvider(clientId: string): Promise<FaultyProvider> {
  const [right, other] = [keys(), keys()];
  const server = createServer((request, answer) => {
    request.resume();
    const reply = (body: object) =>
      answer.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (request.url === '/jwks')
      return reply({
        keys: [{ ...right.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: '1' }],
      });
    if (request.url === '/token')
      return reply({ access_token: 'x', token_type: 'Bearer', id_token: idToken(), expires_in: 60 });
    return reply({
      issuer: provider.issuer,
      authorization_endpoint: `${provider.issuer}/authorize`,
      token_endpoint: `${provider.issuer}/token`,
      jwks_uri: `${provider.issuer}/jwks`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: FaultyProvider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: {},
    nonce: '',
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  function idToken(): string {
    const { claims = (each) => ({ ...each }), otherKey = false } = provider.fault;
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const payload = claims({
      ...{ iss: provider.issuer, aud: clientId, sub: 'faulty', nonce: provider.nonce },
      ...{ iat: nowSeconds, exp: nowSeconds + 300, preferred_username: 'faulty', groups: ['ops'] },
    });
    const head = [{ alg: 'RS256', kid: '1' }, payload];
    const signed = head.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const { privateKey } = otherKey ? other : right;
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  }
  return provider;
}
