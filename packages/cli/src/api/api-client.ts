import type { Writable } from 'node:stream';
import { type ErrorReport, isError, isErrorCode, LeewardError } from '@leeward/core';
import { socketWire } from './socket-wire.ts';
import type { Method, Wire } from './wire.ts';

interface Answered<T> {
  readonly content: T;
  readonly link: string | undefined;
  readonly etag: string | undefined;
}

/** The HTTP API of a server: over its Unix socket, or from another host. The caller closes it. */
export class ApiClient {
  readonly #wire: Wire;
  readonly #signal: AbortSignal | undefined;

  /** `wire`: path of the socket, or another way. Calls under way end with the reason of `signal` when it aborts. */
  constructor(wire: string | Wire, signal?: AbortSignal) {
    this.#wire = typeof wire === 'string' ? socketWire(wire) : wire;
    this.#signal = signal;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#call<T>('GET', path)).content;
  }

  /** A list page by page, as the server links them. */
  async *pages<T>(path: string): AsyncGenerator<readonly T[]> {
    for (let next: string | undefined = path; next !== undefined; ) {
      const { content, link }: Answered<readonly T[]> = await this.#call('GET', next);
      yield content;
      next = nextOf(link);
    }
  }

  /** A list from its first page to its last. */
  async all<T>(path: string): Promise<readonly T[]> {
    const pages: (readonly T[])[] = [];
    for await (const page of this.pages<T>(path)) pages.push(page);
    return pages.flat();
  }

  /** With what changes of it are to be sent with, so that they change nothing that others have changed meanwhile. */
  async getTagged<T>(path: string): Promise<{ readonly content: T; readonly etag: string | undefined }> {
    const { content, etag } = await this.#call<T>('GET', path);
    return { content, etag };
  }

  /** A file that the server makes, into `sink`, which is ended with it. */
  async download(path: string, sink: Writable): Promise<void> {
    await this.#call('GET', path, undefined, undefined, sink);
  }

  async post<T>(path: string, body?: object): Promise<T> {
    return (await this.#call<T>('POST', path, body)).content;
  }

  /**
   * Reads something and changes it only while it is as it was read: `L-API-107` where somebody else has changed it since.
   * `changes` are made after reading, and may take their time, such as for asking for a password.
   */
  async edit<T, Read = T>(path: string, changes: (now: Read) => object | Promise<object>): Promise<T> {
    const { content, etag } = await this.#call<Read>('GET', path);
    try {
      return await this.patch<T>(path, await changes(content), etag);
    } catch (error) {
      if (!isError(error, 'L-API-104')) throw error;
      throw new LeewardError('L-API-107', error.details, error);
    }
  }

  /** `ifMatch`: only where it is as it was when that was told. */
  async patch<T>(path: string, body: object, ifMatch?: string): Promise<T> {
    return (await this.#call<T>('PATCH', path, body, matching(ifMatch))).content;
  }

  /** `ifMatch` as for `patch`. */
  async delete<T>(path: string, ifMatch?: string): Promise<T> {
    return (await this.#call<T>('DELETE', path, undefined, matching(ifMatch))).content;
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  /** Throws the catalogue error that the server answered with, or that it is gone. */
  async #call<T>(
    method: Method,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
    sink?: Writable,
  ): Promise<Answered<T>> {
    const signal = this.#signal;
    try {
      const call = { method, path: `/api/v1${path}`, headers, body, signal, sink };
      const { statusCode, text, link, etag } = await this.#wire.send(call);
      const content = this.#parse(text, statusCode);
      if (statusCode < 400) return { content: content as T, link, etag };
      throw this.#errorOf(content, statusCode);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error;
    }
  }

  #parse(text: string, status: number): unknown {
    if (text === '') return undefined;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.#wire.strange(status, 'and no JSON', error);
    }
  }

  #errorOf(content: unknown, status: number): LeewardError {
    const problem = (content ?? {}) as Partial<ErrorReport>;
    if (problem.code === undefined || !isErrorCode(problem.code))
      return this.#wire.strange(status, 'and an error that is not in its catalogue');
    const error = new LeewardError(problem.code, problem.details ?? {});
    return this.#wire.explain?.(error) ?? error;
  }
}

function matching(etag: string | undefined): Readonly<Record<string, string>> | undefined {
  return etag === undefined ? undefined : { 'if-match': etag };
}

/** Path of the next page, below the prefix of the API. */
function nextOf(link: string | undefined): string | undefined {
  return /<\/api\/v1([^>]+)>; rel="next"/.exec(link ?? '')?.[1];
}
