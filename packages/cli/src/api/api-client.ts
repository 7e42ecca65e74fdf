import { type ErrorReport, isErrorCode, LeewardError } from '@leeward/core';
import { Agent, type Dispatcher, request } from 'undici';

/** The HTTP API of a server over its Unix socket. The caller closes it. */
export class ApiClient {
  readonly #agent: Agent;
  readonly #signal: AbortSignal | undefined;

  /** Calls under way end with the reason of `signal` when it aborts. */
  constructor(socketPath: string, signal?: AbortSignal) {
    // Probing and checking may take long; the server bounds its own waits.
    this.#agent = new Agent({ connect: { socketPath }, headersTimeout: 0, bodyTimeout: 0 });
    this.#signal = signal;
  }

  get<T>(path: string): Promise<T> {
    return this.#call('GET', path);
  }

  post<T>(path: string, body?: object): Promise<T> {
    return this.#call('POST', path, body);
  }

  patch<T>(path: string, body: object): Promise<T> {
    return this.#call('PATCH', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.#call('DELETE', path);
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  /** Throws the catalogue error that the server answered with, or that it is gone: `L-CFG-107`, `L-CFG-108`. */
  async #call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T> {
    const { statusCode, text } = await this.#send(method, path, body);
    const content = parse(text, statusCode);
    if (statusCode >= 400) throw errorOf(content, statusCode);
    return content as T;
  }

  async #send(
    method: Dispatcher.HttpMethod,
    path: string,
    body?: object,
  ): Promise<{ readonly statusCode: number; readonly text: string }> {
    try {
      const answer = await request(`http://leeward/api/v1${path}`, {
        dispatcher: this.#agent,
        method,
        signal: this.#signal ?? null,
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
      });
      return { statusCode: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      if (this.#signal?.aborted) throw this.#signal.reason;
      throw new LeewardError('L-CFG-107', {}, error);
    }
  }
}

function parse(text: string, status: number): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LeewardError('L-CFG-108', { status, reason: 'and no JSON' }, error);
  }
}

function errorOf(content: unknown, status: number): LeewardError {
  const problem = (content ?? {}) as Partial<ErrorReport>;
  if (problem.code !== undefined && isErrorCode(problem.code))
    return new LeewardError(problem.code, problem.details ?? {});
  return new LeewardError('L-CFG-108', { status, reason: 'and an error that is not in its catalogue' });
}
