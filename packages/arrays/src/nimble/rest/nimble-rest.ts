import { bounded, type Clock, isError, LeewardError, retry } from '@leeward/core';
import { z } from 'zod';
import type { RestObserver } from '../../rest/exchange.ts';
import { type JsonAnswer, JsonDoor } from '../../rest/json-door.ts';
import { pathWithQuery, type Query } from '../../rest/query.ts';
import type { RefusedCall } from '../../rest/refused.ts';
import type { NimbleSettings } from '../settings.ts';
import { parseJson } from './parse-json.ts';
import { refusalOf, refusedBy } from './refusal.ts';
import { existsCodes } from './refusal-codes.ts';
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

const maxInFlight = 6;
const logoutTimeoutMs = 5_000;
/** Sets whose rows and requests may hold secrets; their bodies are shown to nobody. */
const secretSets = /^\/(tokens|chap_users)\b/;

/**
 * JSON over HTTPS to one group with a session of its own: at most 6 requests in flight, every request bounded,
 * refusals and failures as errors of the catalogue. `send` never repeats, save after a login that had expired;
 * `get` does, since reading is safe to repeat.
 */
export class NimbleRest {
  readonly clock: Clock;
  readonly host: string;
  readonly existsCodes = existsCodes;
  readonly #door: JsonDoor;
  readonly #session: Session;

  constructor(settings: NimbleSettings, clock: Clock, observer?: RestObserver) {
    const { host, username, password } = settings;
    this.clock = clock;
    this.host = host;
    this.#door = new JsonDoor({ ...settings, clock, observer, maxInFlight, parse: parseJson });
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
  async send(call: RestCall): Promise<JsonAnswer> {
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
  understand<T>(schema: z.ZodType<T>, call: Pick<RestCall, 'method' | 'path'>, body: unknown): T {
    return this.#door.understand(schema, call, body);
  }

  named(call: Pick<RestCall, 'method' | 'path'>): RefusedCall {
    return this.#door.named(call);
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
      await this.#door.close();
    }
  }

  async #once(call: RestCall, token: string): Promise<JsonAnswer> {
    const answer = await this.#exchange(call, token);
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

  #exchange({ method, path, query, data, signal }: RestCall, token: string | undefined): Promise<JsonAnswer> {
    return this.#door.exchange({
      method,
      name: path,
      path: `/v1${pathWithQuery(path, query)}`,
      ...(data === undefined ? {} : { body: { data } }),
      headers: token === undefined ? {} : { 'x-auth-token': token },
      secret: secretSets.test(path),
      signal,
    });
  }
}

const sessionSchema = z.object({ data: z.object({ id: z.string(), session_token: z.string().min(1) }) });
