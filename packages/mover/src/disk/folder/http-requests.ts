import { bounded, type Clock, isError, retry } from '@leeward/core';
import { HttpsClient } from '@leeward/platform/https/https-client';
import type { HttpFolderAccess } from './http-access.ts';
import { type AnswerHeaders, setCookiesOf } from './http-answer.ts';
import {
  connectionFailure,
  type HttpFilePlace,
  type HttpRefusal,
  httpError,
  refusalOf,
} from './http-failure.ts';
import type { HttpGate } from './http-gate.ts';
import type { HttpOutcome } from './http-keys.ts';

/** Hosts are slow to answer under load; a transfer in which nothing comes for so long is over. */
const silenceMs = 60_000;
/** Behind the requests of all other readers, each of which takes its time on a slow host. */
const placeTimeoutMs = 20 * 60_000;
/** One try with its whole answer. */
const tryTimeoutMs = 4 * 60_000;
/** Hosts answer 5xx now and then for no reason that lasts: about 12 s in all. */
const tries = { attempts: 6, firstDelayMs: 500, maxDelayMs: 4_000 };
const maxRefusalBytes = 4096;

/** The end of a transfer that is left early is not waited for. */
export interface HttpBody extends AsyncIterable<Uint8Array> {
  destroy(): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: AnswerHeaders;
  readonly body: HttpBody;
}

export interface HttpQuestion {
  /** Relative to the datastore, plain; '' is the datastore itself. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Requests to the `/folder` door of one datastore: through the gate, with its login, repeated while that can help.
 * Knows nothing of ranges. The caller closes it, and its gate.
 */
export class HttpRequests {
  readonly #access: HttpFolderAccess;
  readonly #gate: HttpGate;
  readonly #clock: Clock;
  readonly #https: HttpsClient;
  readonly #closing = new AbortController();
  readonly #origin: string;

  constructor(access: HttpFolderAccess, gate: HttpGate, clock: Clock) {
    const { host, port = 443, trust, login, maxRequests = 4 } = access;
    this.#access = access;
    this.#gate = gate;
    this.#clock = clock;
    this.#origin = `https://${host.includes(':') ? `[${host}]` : host}${port === 443 ? '' : `:${port}`}`;
    // With a gate that is what counts; it MUST NOT let more in than can be sent.
    const maxConnections = login.kind === 'gate' ? 64 : maxRequests;
    const timeouts = { headersTimeoutMs: silenceMs, bodyTimeoutMs: silenceMs };
    this.#https = new HttpsClient({ origin: this.#origin, trust, maxConnections, ...timeouts });
  }

  placeOf(path: string): HttpFilePlace {
    const { host, port = 443, datastore } = this.#access;
    return { host, port, datastore, path };
  }

  /**
   * Asks and lets `use` read the answer, again while that can help: `use` MUST go on where it was, and MUST NOT touch
   * anything once its signal has aborted. It throws errors of the catalogue; what it leaves of the body is thrown away.
   */
  async ask<T>(
    question: HttpQuestion | (() => HttpQuestion),
    use: (answer: HttpAnswer, signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const ending = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    return retry(this.#clock, { ...tries, signal: ending }, async () => {
      const asked = typeof question === 'function' ? question() : question;
      const first = await this.#try(asked, use, ending);
      if (first) return first.result;
      // With another login now.
      const second = await this.#try(asked, use, ending);
      if (second) return second.result;
      throw refusalOf({ status: 401, text: '' }, this.placeOf(asked.path));
    });
  }

  /** An answer other than the wanted one as an error, with a little of its text to judge by. */
  async refusal(answer: HttpAnswer, path: string): Promise<Error> {
    const refusal: HttpRefusal = { status: answer.statusCode, text: await beginOf(answer.body) };
    return refusalOf(refusal, this.placeOf(path));
  }

  async close(): Promise<void> {
    this.#closing.abort(httpError('L-NET-413', this.placeOf('')));
    await this.#https.close();
  }

  /** Undefined when the login was refused. */
  async #try<T>(
    question: HttpQuestion,
    use: (answer: HttpAnswer, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly result: T } | undefined> {
    const { path } = question;
    const method = 'GET' as const;
    const place = this.placeOf(path);
    const target = this.#target(path);
    const request = { method, url: `${this.#origin}${target}` };
    const turn = { name: `a place among the requests to ${place.host}`, timeoutMs: placeTimeoutMs, signal };
    const pass = await bounded(this.#clock, turn, (inner) => this.#gate.enter(request, inner)).catch(
      (error: unknown) => {
        throw isError(error, 'L-NET-404') ? httpError('L-NET-404', place, {}, error) : error;
      },
    );
    let outcome: HttpOutcome = { kind: 'failed' };
    try {
      const bound = { name: nameOf(place), timeoutMs: tryTimeoutMs, signal };
      return await bounded(this.#clock, bound, async (inner) => {
        const headers = { ...question.headers, ...pass.headers };
        const answer: HttpAnswer = await this.#https
          .request({ method, path: target, headers, signal: inner })
          .catch((error: unknown) => {
            inner.throwIfAborted();
            throw connectionFailure(error, place);
          });
        // Errors come out of the iterator; one that nobody waits for must not end the process.
        answer.body.on('error', () => undefined);
        outcome = outcomeOf(answer);
        try {
          if (outcome.kind !== 'refused') return { result: await use(answer, inner) };
          await beginOf(answer.body);
          return undefined;
        } finally {
          answer.body.destroy();
        }
      });
    } catch (error) {
      // The bound of one try: to be repeated like any other silence.
      if (isError(error, 'L-RUN-101')) throw httpError('L-NET-401', place, { reason: error.message }, error);
      throw error;
    } finally {
      pass.leave(outcome);
    }
  }

  #target(path: string): string {
    const { datacenterPath, datastore } = this.#access;
    const inside = path === '' ? '' : `/${path.split('/').map(encodeURIComponent).join('/')}`;
    const datacenter = datacenterPath.replace(/^\/+/, '');
    const dcPath = datacenter === '' ? '' : `dcPath=${encodeURIComponent(datacenter)}&`;
    return `/folder${inside}?${dcPath}dsName=${encodeURIComponent(datastore)}`;
  }
}

function outcomeOf({ statusCode, headers }: HttpAnswer): HttpOutcome {
  if (statusCode === 401) return { kind: 'refused' };
  return statusCode < 400 ? { kind: 'let-in', setCookie: setCookiesOf(headers) } : { kind: 'failed' };
}

function nameOf({ host, datastore, path }: HttpFilePlace): string {
  return `[${datastore}] ${path} from ${host}`;
}

/** The beginning of a text; '' when it cannot be had. */
async function beginOf(body: HttpBody): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= maxRefusalBytes) break;
    }
  } catch {
    // The status counts; the text only explains it.
  }
  return Buffer.concat(chunks).toString('utf8', 0, maxRefusalBytes);
}
