import { ApiProblem, noAnswer, problemOf } from './problem.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface ApiClientOptions {
  readonly fetch: typeof globalThis.fetch;
  /** Called when an answer says that nobody is signed in. */
  readonly onSignedOut: () => void;
}

/** The HTTP API of the server that the page came from, with the cookie of the session. */
export class ApiClient {
  readonly #options: ApiClientOptions;
  #csrfToken: string | undefined;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  /** Sent with every call that changes something. */
  setCsrfToken(token: string | undefined): void {
    this.#csrfToken = token;
  }

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.#call('GET', path, undefined, signal);
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

  /** Rejects with `ApiProblem`, or with the reason of `signal`. */
  async #call<T>(method: Method, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const answer = await this.#send(method, path, body, signal);
    const content = await contentOf(answer);
    if (answer.ok) return content as T;
    const problem = problemOf(content, answer.status);
    if (answer.status === 401 && !path.startsWith('/session')) this.#options.onSignedOut();
    throw problem;
  }

  async #send(method: Method, path: string, body?: object, signal?: AbortSignal): Promise<Response> {
    const changes = method !== 'GET';
    const headers = {
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(changes && this.#csrfToken ? { 'x-csrf-token': this.#csrfToken } : {}),
    };
    try {
      return await this.#options.fetch(`/api/v1${path}`, {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        ...(body ? { body: JSON.stringify(body) } : {}),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error instanceof ApiProblem ? error : noAnswer();
    }
  }
}

async function contentOf(answer: Response): Promise<unknown> {
  const text = await answer.text().catch(() => '');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw problemOf(undefined, answer.status);
  }
}
