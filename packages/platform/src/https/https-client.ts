import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { normalFingerprint, type Trust } from './trust.ts';

/** Thrown when the certificate shown is not the pinned one. Mapped by each door to its catalogue error. */
export class CertificateChanged extends Error {
  readonly expectedSha256: string;
  readonly seenSha256: string;

  constructor(expectedSha256: string, seenSha256: string) {
    super(`certificate fingerprint is ${seenSha256}, expected ${expectedSha256}`);
    this.name = 'CertificateChanged';
    this.expectedSha256 = expectedSha256;
    this.seenSha256 = seenSha256;
  }
}

export interface HttpsClientOptions {
  /** `https://host[:port]`, without a path. */
  readonly origin: string;
  readonly trust: Trust;
  readonly maxConnections?: number;
  readonly headersTimeoutMs?: number;
  readonly bodyTimeoutMs?: number;
}

export interface HttpsRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Begins with `/`; already encoded. */
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** HTTPS to one foreign system with verified TLS. Redirects are not followed. The caller closes it. */
export class HttpsClient {
  readonly #agent: Agent;
  readonly #origin: string;

  constructor(options: HttpsClientOptions) {
    this.#origin = options.origin;
    this.#agent = new Agent({
      connections: options.maxConnections ?? 8,
      headersTimeout: options.headersTimeoutMs ?? 60_000,
      bodyTimeout: options.bodyTimeoutMs ?? 60_000,
      connect: verifyingConnector(options.trust),
    });
  }

  /** The caller MUST consume the body (`body.text()`, `body.dump()`, a stream) of every answer. */
  request(call: HttpsRequest): Promise<Dispatcher.ResponseData> {
    const { path, method, headers = {}, body = null, signal } = call;
    return request(`${this.#origin}${path}`, { dispatcher: this.#agent, method, headers, body, signal });
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

function verifyingConnector(trust: Trust): buildConnector.connector {
  const timeout = 15_000;
  if (trust.kind === 'ca') return buildConnector({ timeout, ...(trust.pem ? { ca: trust.pem } : {}) });
  const expected = normalFingerprint(trust.sha256);
  const connect = buildConnector({ timeout, rejectUnauthorized: false, maxCachedSessions: 0 });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      const shown = 'getPeerCertificate' in socket ? socket.getPeerCertificate().fingerprint256 : '';
      const seen = normalFingerprint(shown);
      if (seen === expected) return callback(null, socket);
      socket.destroy();
      callback(new CertificateChanged(expected, seen), null);
    });
  };
}
