import { Buffer } from 'node:buffer';
import { bounded, type Clock, isError, LeewardError, retry } from '@leeward/core';
import { HttpsClient } from '@leeward/platform';
import { z } from 'zod';
import type { RestObserver } from '../../ontap/rest/exchange.ts';
import { Gate } from '../../ontap/rest/gate.ts';
import { pathWithQuery, type Query } from '../../ontap/rest/query.ts';
import { transportFailure } from '../../ontap/rest/transport-failure.ts';
import type { NimbleSettings } from '../settings.ts';
import { parseJson } from './parse-json.ts';
import { NimbleRefused, type RefusedCall, refusalOf, refusedBy } from './refusal.ts';
import { Session } from './session.ts';

export interface RestCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/v1`, ids already encoded, without the query. */
  readonly path: string;
  readonly query?: Query;
  /** What goes under `data`. */
  readonly data?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

const maxInFlight = 6;
const requestTimeoutMs = 90_000;
const logoutTimeoutMs = 5_000;
/** Sets whose rows and requests may hold secrets; their bodies are shown to nobody. */
const secretSets = /^\/(tokens|chap_users)\b/;
const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * JSON over HTTPS to one group with a session of its own: at most 6 requests in flight, every request bounded,
 * refusals and failures as errors of the catalogue. `send` never repeats, save after a login that had expired;
 * `get` does, since reading is safe to repeat.
 */
export class NimbleRest {
  readonly clock: Clock;
  readonly host: string;
  readonly #https: HttpsClient;
  readonly #gate = new Gate(maxInFlight);
  readonly #username: string;
  readonly #observer: RestObserver | undefined;
  readonly #session: Session;

  constructor(settings: NimbleSettings, clock: Clock, observer?: RestObserver) {
    const { host, port, username, password, trust } = settings;
    this.clock = clock;
    this.host = host;
    this.#username = username;
    this.#observer = observer;
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    this.#https = new HttpsClient({ origin: `https://${name}:${port}`, trust, maxConnections: maxInFlight });
    this.#session = new Session((signal) => this.#login(username, password, signal));
  }

  /** One GET with a checked answer; repeated while the failure may pass. */
  async get<T>(schema: z.ZodType<T>, path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    const call: RestCall = { method: 'GET', path, query, signal };
    const policy = { attempts: 5, firstDelayMs: 500, maxDelayMs: 8_000, signal };
    const { body } = await retry(this.clock, policy, () => this.send(call));
    return this.understand(schema, call, body);
  }

  /** One request, once. Throws for every answer that is not 2xx. */
  async send(call: RestCall): Promise<RestAnswer> {
    const token = await this.#session.token(call.signal);
    try {
      return await this.#once(call, token);
    } catch (error) {
      if (!isError(error, 'L-ARR-002')) throw error;
      // Expired: the array did nothing with the request.
      this.#session.forget(token);
      return await this.#once(call, await this.#session.token(call.signal));
    }
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

  /** Ends the session, since a user may have but a few, and the connections. */
  async close(): Promise<void> {
    const { current } = this.#session;
    try {
      if (current) {
        const bound = { name: 'the logout', timeoutMs: logoutTimeoutMs };
        const path = `/tokens/${encodeURIComponent(current.id)}`;
        await bounded(this.clock, bound, (signal) =>
          this.#exchange({ method: 'DELETE', path, signal }, current.token),
        );
      }
    } catch (error) {
      // It dies of inactivity then.
      if (!(error instanceof LeewardError)) throw error;
    } finally {
      await this.#https.close();
    }
  }

  async #once(call: RestCall, token: string): Promise<RestAnswer> {
    const answer = await this.#gate.run(() => this.#exchange(call, token), call.signal);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusedBy(this.named(call), refusalOf(answer.status, answer.body));
  }

  async #login(username: string, password: string, signal?: AbortSignal) {
    const data = { username, password, app_name: 'leeward' };
    const call: RestCall = { method: 'POST', path: '/tokens', data, signal };
    const policy = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 8_000, signal };
    const answer = await retry(this.clock, policy, async () => {
      const { status, body } = await this.#exchange(call, undefined);
      if (status >= 200 && status < 300) return { status, body };
      throw refusedBy(this.named(call), refusalOf(status, body));
    });
    const { data: session } = this.understand(sessionSchema, call, answer.body);
    return { id: session.id, token: session.session_token };
  }

  async #exchange(call: RestCall, token: string | undefined): Promise<RestAnswer> {
    const { method, data } = call;
    const secret = secretSets.test(call.path);
    const path = `/v1${pathWithQuery(call.path, call.query)}`;
    const shown = { method, path, ...(data === undefined || secret ? {} : { requestBody: { data } }) };
    try {
      const bound = { name: `${method} ${call.path}`, timeoutMs: requestTimeoutMs, signal: call.signal };
      const answer = await bounded(this.clock, bound, (signal) => this.#roundTrip(call, path, token, signal));
      this.#observer?.({ ...shown, status: answer.status, ...(secret ? {} : { responseBody: answer.body }) });
      return answer;
    } catch (error) {
      if (call.signal?.aborted || error instanceof NimbleRefused) throw error;
      const failure = transportFailure(this.named(call), error);
      this.#observer?.({ ...shown, failure: failure.code });
      throw failure;
    }
  }

  async #roundTrip(
    call: RestCall,
    path: string,
    token: string | undefined,
    signal: AbortSignal,
  ): Promise<RestAnswer> {
    const { method, data } = call;
    const response = await this.#https.request({
      method,
      path,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { 'x-auth-token': token }),
        ...(data === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(data === undefined ? {} : { body: JSON.stringify({ data }) }),
      signal,
    });
    const text = await readText(response.body);
    const status = response.statusCode;
    const body = text.trim() === '' ? {} : parseJson(text);
    if (body !== undefined) return { status, body };
    if (status >= 400) return { status, body: {} };
    throw new LeewardError('L-ARR-016', { ...this.named(call), reason: 'it is not JSON' });
  }
}

const sessionSchema = z.object({ data: z.object({ id: z.string(), session_token: z.string().min(1) }) });

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
