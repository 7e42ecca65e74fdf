import { Agent, request } from 'undici';

export interface BoundedFetchOptions {
  /** PEM of the authorities that certificates are verified by. */
  readonly authoritiesPem: string;
  /** Of a whole exchange. */
  readonly timeoutMs: number;
  /** Longer answers are an error. */
  readonly longestBytes: number;
}

interface FetchWords {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * As `fetch`, for libraries that take one, with authorities of one's own, no redirects, and bounds on time and length.
 * Rejects with the error of the connection.
 */
export function boundedFetch(
  options: BoundedFetchOptions,
): (url: string, words: FetchWords) => Promise<Response> {
  const { authoritiesPem: ca, timeoutMs, longestBytes } = options;
  return async (url, { method, headers, body }) => {
    const bound = { connect: { ca, timeout: timeoutMs }, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
    const agent = new Agent({ ...bound, maxResponseSize: longestBytes });
    try {
      const answer = await request(url, {
        dispatcher: agent,
        method: method === 'POST' ? 'POST' : 'GET',
        headers: { ...headers },
        body: body === undefined || body === null ? null : String(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await answer.body.text();
      const given = Object.entries(answer.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((each): [string, string] => [name, each]),
      );
      const isEmpty = [204, 205, 304].includes(answer.statusCode);
      return new Response(isEmpty ? null : text, { status: answer.statusCode, headers: given });
    } finally {
      await agent.close();
    }
  };
}
