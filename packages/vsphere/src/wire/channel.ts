import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { bounded, type Clock, LeewardError } from '@leeward/core';
import { HttpsClient, type Trust } from '@leeward/platform';
import { MalformedAnswer, type XmlElement } from '../codec/xml-element.ts';
import { XmlTreeParser } from '../codec/xml-parser.ts';
import { connectionError } from './connection-error.ts';

/** Above any bound of a single call: each call has its own, shorter one. */
const outerTimeoutMs = 15 * 60_000;
const maxAnswerBytes = 512 * 1024 * 1024;

export interface ChannelOptions {
  readonly host: string;
  readonly port: number;
  readonly trust: Trust;
  readonly clock: Clock;
  readonly maxConnections: number;
}

export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What is asked, in plain words, for errors. */
  readonly operation: string;
  readonly operationId: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  /** `name=value` of every cookie set, exactly as it came. */
  readonly cookies: readonly string[];
  /** Absent when the body is empty or no XML (then the status says all). */
  readonly document?: XmlElement;
}

/** XML over verified HTTPS to one vCenter: bounded, abortable, gzip, connection faults as catalogue errors. */
export class XmlChannel {
  readonly host: string;
  readonly #options: ChannelOptions;
  readonly #https: HttpsClient;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.host = options.host;
    this.#https = new HttpsClient({
      origin: originOf(options),
      trust: options.trust,
      maxConnections: options.maxConnections,
      headersTimeoutMs: outerTimeoutMs,
      bodyTimeoutMs: outerTimeoutMs,
    });
  }

  /**
   * One request and its whole answer. Errors: `L-VC-101` (no answer), `L-VC-103`, `L-VC-104` (certificate),
   * `L-VC-107` (not understood), `L-RUN-101` (bound reached), or the abort reason.
   */
  async exchange(exchange: Exchange): Promise<Answer> {
    const { timeoutMs, signal } = exchange;
    const bound = { name: `${exchange.operation} on vCenter ${this.host}`, timeoutMs, signal };
    return bounded(this.#options.clock, bound, async (inner) => {
      try {
        return await this.#send(exchange, inner);
      } catch (error) {
        inner.throwIfAborted();
        throw this.#explain(error, exchange);
      }
    });
  }

  close(): Promise<void> {
    return this.#https.close();
  }

  async #send(exchange: Exchange, signal: AbortSignal): Promise<Answer> {
    const answer = await this.#https.request({
      method: exchange.method,
      path: exchange.path,
      headers: { 'accept-encoding': 'gzip', ...exchange.headers },
      ...(exchange.body === undefined ? {} : { body: exchange.body }),
      signal,
    });
    const status = answer.statusCode;
    const cookies = [answer.headers['set-cookie'] ?? []].flat().map((line) => line.split(';', 1)[0] ?? '');
    if (status !== 200 && status !== 500) {
      await answer.body.dump();
      return { status, cookies };
    }
    const gzipped = answer.headers['content-encoding'] === 'gzip';
    const document = await readXml(answer.body, gzipped, signal, status === 200);
    return { status, cookies, ...(document ? { document } : {}) };
  }

  #explain(error: unknown, { operation, operationId }: Exchange): unknown {
    const { host, port } = this.#options;
    if (error instanceof MalformedAnswer) {
      const details = { host, operation, operationId, reason: error.message };
      return new LeewardError('L-VC-107', details, error);
    }
    return connectionError(error, host, port);
  }
}

export function originOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function readXml(
  body: Readable,
  gzipped: boolean,
  signal: AbortSignal,
  strict: boolean,
): Promise<XmlElement | undefined> {
  const parser = new XmlTreeParser();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  const consume = async (source: AsyncIterable<Uint8Array>) => {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxAnswerBytes) throw new MalformedAnswer(`longer than ${maxAnswerBytes} bytes`);
      parser.write(decode(decoder, chunk));
    }
    parser.write(decode(decoder));
    return parser.finish();
  };
  try {
    return gzipped
      ? await pipeline(body, createGunzip(), consume, { signal })
      : await pipeline(body, consume, { signal });
  } catch (error) {
    // A proxy's HTML page under a 500 is an outage, not a defect of the protocol.
    if (!strict && error instanceof MalformedAnswer) return undefined;
    throw error;
  }
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (error) {
    throw new MalformedAnswer(`not UTF-8: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}
