import { Buffer } from 'node:buffer';
import { bounded, type Clock, LeewardError, retry } from '@leeward/core';
import { HttpsClient } from '@leeward/platform';
import type { z } from 'zod';
import type { OntapSettings } from '../settings.ts';
import { type RefusedCall, refusedBy } from './array-refused.ts';
import type { RestObserver } from './exchange.ts';
import { Gate } from './gate.ts';
import { pathWithQuery, type Query } from './query.ts';
import { refusalOf } from './refusal.ts';
import { transportFailure } from './transport-failure.ts';

export interface RestCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api`, ids already encoded, without the query. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The `Location` header of a created object. */
  readonly location?: string;
}

const maxInFlight = 8;
const requestTimeoutMs = 90_000;
/** Bodies above this are not from an array that pages its answers. */
const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * JSON over HTTPS to one cluster: at most 8 requests in flight, every request bounded, refusals and failures
 * as errors of the catalogue. `send` never repeats; `get` does, since reading is safe to repeat.
 */
export class RestClient {
  readonly clock: Clock;
  readonly host: string;
  readonly #https: HttpsClient;
  readonly #gate = new Gate(maxInFlight);
  readonly #authorization: string;
  readonly #username: string;
  readonly #observer: RestObserver | undefined;

  constructor(settings: OntapSettings, clock: Clock, observer?: RestObserver) {
    const { host, port, username, password, trust } = settings;
    this.clock = clock;
    this.host = host;
    this.#username = username;
    this.#observer = observer;
    this.#authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    this.#https = new HttpsClient({ origin: `https://${name}:${port}`, trust, maxConnections: maxInFlight });
  }

  /** One GET with a checked answer; repeated while the failure may pass. */
  async get<T>(
    schema: z.ZodType<T>,
    path: string,
    query: Query = {},
    signal?: AbortSignal,
    attempts = 5,
  ): Promise<T> {
    const call: RestCall = { method: 'GET', path, query, signal };
    const policy = { attempts, firstDelayMs: 500, maxDelayMs: 8_000, signal };
    const { body } = await retry(this.clock, policy, () => this.send(call));
    return this.understand(schema, call, body);
  }

  /** One request, once. Throws for every answer that is not 2xx. */
  async send(call: RestCall): Promise<RestAnswer> {
    const answer = await this.#gate.run(() => this.#exchange(call), call.signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusedBy(this.named(call), refusalOf(answer.status, answer.body));
  }

  /** The body as `schema` describes it, or `L-ARR-016`. */
  understand<T>(schema: z.ZodType<T>, call: RestCall, body: unknown): T {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const first = parsed.error.issues[0];
    const reason = `${first?.path.join('.') || 'body'}: ${first?.message ?? 'unknown shape'}`;
    throw new LeewardError('L-ARR-016', { ...this.named(call), reason });
  }

  named({ method, path }: RestCall): RefusedCall {
    return { host: this.host, username: this.#username, method, path };
  }

  close(): Promise<void> {
    return this.#https.close();
  }

  async #exchange(call: RestCall): Promise<RestAnswer> {
    const { method, body } = call;
    const path = `/api${pathWithQuery(call.path, call.query)}`;
    const shown = { method, path, ...(body === undefined ? {} : { requestBody: body }) };
    try {
      const bound = { name: `${method} ${call.path}`, timeoutMs: requestTimeoutMs, signal: call.signal };
      const answer = await bounded(this.clock, bound, (signal) => this.#roundTrip(call, path, signal));
      this.#observer?.({ ...shown, status: answer.status, responseBody: answer.body });
      return answer;
    } catch (error) {
      if (call.signal?.aborted) throw error;
      const failure = transportFailure(this.named(call), error);
      this.#observer?.({ ...shown, failure: failure.code });
      throw failure;
    }
  }

  async #roundTrip(call: RestCall, path: string, signal: AbortSignal): Promise<RestAnswer> {
    const { method, body } = call;
    const response = await this.#https.request({
      method,
      path,
      headers: {
        authorization: this.#authorization,
        accept: 'application/json',
        'x-dot-client-app': 'leeward',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    const text = await readText(response.body);
    const location = response.headers['location'];
    return {
      status: response.statusCode,
      body: this.#parse(call, response.statusCode, text),
      ...(typeof location === 'string' ? { location } : {}),
    };
  }

  #parse(call: RestCall, status: number, text: string): unknown {
    if (text.trim() === '') return {};
    try {
      return JSON.parse(text);
    } catch {
      if (status >= 400) return {};
      throw new LeewardError('L-ARR-016', { ...this.named(call), reason: 'it is not JSON' });
    }
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxAnswerBytes) throw new Error(`answer larger than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
