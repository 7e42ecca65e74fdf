import { Buffer } from 'node:buffer';
import { type Clock, retry } from '@leeward/core';
import type { z } from 'zod';
import type { RestObserver } from '../../rest/exchange.ts';
import { type JsonAnswer, JsonDoor } from '../../rest/json-door.ts';
import { pathWithQuery, type Query } from '../../rest/query.ts';
import type { RefusedCall } from '../../rest/refused.ts';
import type { OntapSettings } from '../settings.ts';
import { refusalOf, refusedBy } from './refusal.ts';
import { existsCodes } from './refusal-codes.ts';

export interface RestCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api`, ids already encoded, without the query. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

const maxInFlight = 8;
/** Sets whose requests may hold secrets; their bodies are shown to nobody. */
const secretSets = /^\/protocols\/san\/iscsi\/credentials\b/;

/**
 * JSON over HTTPS to one cluster: at most 8 requests in flight, every request bounded, refusals and failures
 * as errors of the catalogue. `send` never repeats; `get` does, since reading is safe to repeat.
 */
export class RestClient {
  readonly clock: Clock;
  readonly host: string;
  readonly existsCodes = existsCodes;
  readonly #door: JsonDoor;
  readonly #authorization: string;

  constructor(settings: OntapSettings, clock: Clock, observer?: RestObserver) {
    const { host, username, password } = settings;
    this.clock = clock;
    this.host = host;
    this.#authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
    this.#door = new JsonDoor({ ...settings, clock, observer, maxInFlight });
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
    return this.#door.understand(schema, call, body);
  }

  /** One request, once. Throws for every answer that is not 2xx. */
  async send({ method, path, query, body, signal }: RestCall): Promise<JsonAnswer> {
    const answer = await this.#door.exchange({
      method,
      name: path,
      path: `/api${pathWithQuery(path, query)}`,
      body,
      headers: { authorization: this.#authorization, 'x-dot-client-app': 'leeward' },
      secret: secretSets.test(path),
      signal,
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusedBy(this.named({ method, path }), refusalOf(answer.status, answer.body));
  }

  named(call: Pick<RestCall, 'method' | 'path'>): RefusedCall {
    return this.#door.named(call);
  }

  close(): Promise<void> {
    return this.#door.close();
  }
}
