import { type ErrorReport, isErrorCode, LeewardError } from '@leeward/core';
import { Agent, request } from 'undici';

/** The HTTP API of a server over its Unix socket. The caller closes it. */
export class ApiClient {
  readonly #agent: Agent;

  constructor(socketPath: string) {
    // Probing and checking may take long; the server bounds its own waits.
    this.#agent = new Agent({ connect: { socketPath }, headersTimeout: 0, bodyTimeout: 0 });
  }

  get<T>(path: string): Promise<T> {
    return this.#call('GET', path);
  }

  post<T>(path: string, body?: object): Promise<T> {
    return this.#call('POST', path, body);
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  /** Throws the catalogue error that the server answered with. */
  async #call<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const answer = await request(`http://leeward/api/v1${path}`, {
      dispatcher: this.#agent,
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const text = await answer.body.text();
    const content: unknown = text === '' ? undefined : JSON.parse(text);
    if (answer.statusCode >= 400) throw errorOf(content, answer.statusCode);
    return content as T;
  }
}

function errorOf(content: unknown, status: number): LeewardError {
  const problem = (content ?? {}) as Partial<ErrorReport>;
  if (problem.code !== undefined && isErrorCode(problem.code))
    return new LeewardError(problem.code, problem.details ?? {});
  return new LeewardError('L-RUN-103', { message: `the server answered with HTTP ${status}` });
}
