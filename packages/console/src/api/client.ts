import { ApiProblem, noAnswer, problemOf } from './problem.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface ApiClientOptions {
  readonly fetch: typeof globalThis.fetch;
  /** Called when an answer says that nobody is signed in. */
  readonly onSignedOut: () => void;
}

export interface Answer<T> {
  readonly data: T;
  /** Of what can be changed: to be sent with a change. */
  readonly etag?: string;
  /** Of a list: path of the next page; missing on the last one. */
  readonly next?: string;
}

interface Sent {
  readonly body?: object | undefined;
  readonly etag?: string | undefined;
  readonly signal?: AbortSignal | undefined;
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

  async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return (await this.#call<T>('GET', path, { signal })).data;
  }

  /** What stands at a path, with what the headers say of it. */
  read<T>(path: string): Promise<Answer<T>> {
    return this.#call('GET', path);
  }

  async post<T>(path: string, body?: object): Promise<T> {
    return (await this.#call<T>('POST', path, { body })).data;
  }

  /** `etag`: of what was read before; where somebody else has changed it since, nothing is changed. Forms use `edit`. */
  async patch<T>(path: string, body: object, etag?: string): Promise<T> {
    return (await this.#call<T>('PATCH', path, { body, etag })).data;
  }

  async delete<T>(path: string): Promise<T> {
    return (await this.#call<T>('DELETE', path)).data;
  }

  /** Rejects with `ApiProblem`, or with the reason of `signal`. */
  async #call<T>(method: Method, path: string, sent: Sent = {}): Promise<Answer<T>> {
    const answer = await this.#send(method, path, sent);
    const content = await contentOf(answer);
    if (answer.ok) return answered(content as T, answer.headers);
    const problem = problemOf(content, answer.status);
    if (answer.status === 401 && !path.startsWith('/session')) this.#options.onSignedOut();
    throw problem;
  }

  async #send(method: Method, path: string, { body, etag, signal }: Sent): Promise<Response> {
    const changes = method !== 'GET';
    const headers = {
      accept: 'application/json',
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(changes && this.#csrfToken ? { 'x-csrf-token': this.#csrfToken } : {}),
      ...(changes && etag ? { 'if-match': etag } : {}),
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

function answered<T>(data: T, headers: Headers): Answer<T> {
  const etag = headers.get('etag');
  const next = /<\/api\/v1([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  return { data, ...(etag === null ? {} : { etag }), ...(next === undefined ? {} : { next }) };
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
