import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly authorization: string;
}

/** `cut`: the connection is torn down without an answer, after the handler has acted. */
export type FakeAnswer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | 'cut';

export interface RestFake {
  readonly port: number;
  readonly requests: FakeRequest[];
  close(): Promise<void>;
}

/** An HTTPS server for driver tests that answers with what a function says. */
export async function startRestFake(
  tls: { readonly key: string; readonly cert: string },
  answer: (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>,
  /** That of a fake which was closed, to stand in its place. */
  wantedPort = 0,
): Promise<RestFake> {
  const requests: FakeRequest[] = [];
  const server = createServer({ ...tls }, async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const url = new URL(incoming.url ?? '/', 'https://fake');
    const text = Buffer.concat(chunks).toString('utf8');
    const request: FakeRequest = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      body: text === '' ? undefined : JSON.parse(text),
      authorization: incoming.headers.authorization ?? '',
    };
    requests.push(request);
    const result = await answer(request);
    if (result === 'cut') {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(result.status, { 'content-type': 'application/json', ...result.headers });
    outgoing.end(typeof result.body === 'string' ? result.body : JSON.stringify(result.body ?? {}));
  });
  await listen(server, wantedPort);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
