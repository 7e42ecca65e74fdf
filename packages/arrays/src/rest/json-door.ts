import { Buffer } from 'node:buffer';
import { bounded, type Clock, LeewardError } from '@leeward/core';
import { HttpsClient, type Trust } from '@leeward/platform';
import type { z } from 'zod';
import { Gate } from '../turns/gate.ts';
import type { RestObserver } from './exchange.ts';
import type { RefusedCall } from './refused.ts';
import { transportFailure } from './transport-failure.ts';

/** How an array is reached, and how hard it may be pressed. */
export interface JsonDoorOptions {
  readonly host: string;
  readonly port: number;
  readonly trust: Trust;
  /** Named in errors, never sent by the door itself. */
  readonly username: string;
  readonly clock: Clock;
  readonly observer?: RestObserver | undefined;
  readonly maxInFlight: number;
  /** Parses what is not empty; `undefined` for what is not JSON. */
  readonly parse?: (text: string) => unknown;
}

export interface JsonCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** For errors and rights: without the common prefix and the query. */
  readonly name: string;
  /** As sent: with prefix and query, percent-encoded. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** True when bodies may hold secrets; then the observer sees none. */
  readonly secret?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface JsonAnswer {
  readonly status: number;
  /** `{}` where there was no body, or no JSON in a failure. */
  readonly body: unknown;
  /** The `Location` header of a created object. */
  readonly location?: string;
  /** The `Date` header: the array's own time, Unix milliseconds, in whole seconds. Absent where it sends none. */
  readonly dateMs?: number;
}

const requestTimeoutMs = 90_000;
/** Bodies above this are not from an array that pages its answers. */
const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * JSON over verified HTTPS to one array: a limited number of requests in flight, every request bounded, failures
 * of network, TLS and form as errors of the catalogue. What a status means is left to the family. Never repeats.
 */
export class JsonDoor {
  readonly host: string;
  readonly #clock: Clock;
  readonly #https: HttpsClient;
  readonly #gate: Gate;
  readonly #username: string;
  readonly #observer: RestObserver | undefined;
  readonly #parse: (text: string) => unknown;

  constructor(options: JsonDoorOptions) {
    const { host, port, trust, username, clock, observer, maxInFlight, parse = plainJson } = options;
    this.host = host;
    this.#clock = clock;
    this.#username = username;
    this.#observer = observer;
    this.#parse = parse;
    this.#gate = new Gate(maxInFlight);
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    this.#https = new HttpsClient({ origin: `https://${name}:${port}`, trust, maxConnections: maxInFlight });
  }

  /** One request, once, when its turn comes. Throws only when no usable answer came. */
  exchange(call: JsonCall): Promise<JsonAnswer> {
    return this.#gate.run(() => this.#observed(call), call.signal);
  }

  /** The body as `schema` describes it, or `L-ARR-016`. */
  understand<T>(
    schema: z.ZodType<T>,
    call: { readonly method: string; readonly path: string },
    body: unknown,
  ) {
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const first = parsed.error.issues[0];
    const reason = `${first?.path.join('.') || 'body'}: ${first?.message ?? 'unknown shape'}`;
    throw new LeewardError('L-ARR-016', { ...this.named(call), reason });
  }

  /** A call as errors name it. */
  named({ method, path }: { readonly method: string; readonly path: string }): RefusedCall {
    return { host: this.host, username: this.#username, method, path };
  }

  close(): Promise<void> {
    return this.#https.close();
  }

  async #observed(call: JsonCall): Promise<JsonAnswer> {
    const { method, name, path, body, secret = false } = call;
    const shown = { method, path, ...(body === undefined || secret ? {} : { requestBody: body }) };
    try {
      const bound = { name: `${method} ${name}`, timeoutMs: requestTimeoutMs, signal: call.signal };
      const answer = await bounded(this.#clock, bound, (signal) => this.#roundTrip(call, signal));
      this.#observer?.({ ...shown, status: answer.status, ...(secret ? {} : { responseBody: answer.body }) });
      return answer;
    } catch (error) {
      if (call.signal?.aborted) throw error;
      const failure = transportFailure(this.named({ method, path: name }), error);
      this.#observer?.({ ...shown, failure: failure.code });
      throw failure;
    }
  }

  async #roundTrip({ method, name, path, body, headers }: JsonCall, signal: AbortSignal) {
    const response = await this.#https.request({
      method,
      path,
      headers: {
        accept: 'application/json',
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    const text = await readText(response.body);
    const status = response.statusCode;
    const location = response.headers['location'];
    const parsed = text.trim() === '' ? {} : this.#parse(text);
    if (parsed === undefined && status < 400)
      throw new LeewardError('L-ARR-016', {
        ...this.named({ method, path: name }),
        reason: 'it is not JSON',
      });
    const dateMs = Date.parse(String(response.headers['date'] ?? ''));
    return {
      status,
      body: parsed ?? {},
      ...(typeof location === 'string' ? { location } : {}),
      ...(Number.isNaN(dateMs) ? {} : { dateMs }),
    };
  }
}

function plainJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
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
