import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CatalogueFile } from '../datastore/catalogue.ts';
import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import type { Counters } from './counters.ts';
import type { FolderOrigin, Transfers } from './folder-origin.ts';
import { parseRange } from './range.ts';

const chunkBytes = 1 << 18;

export interface FileAnswer {
  readonly counters: Counters;
  readonly origin: FolderOrigin;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly file: CatalogueFile;
  readonly datastore: SimulatedDatastore;
  /** The connection breaks behind so many bytes of the body. */
  readonly cutAfterBytes?: number | undefined;
}

/** The file or a range of it; 503 above the number of transfers that the door, or the host behind it, has. */
export async function sendFile(answer: FileAnswer): Promise<void> {
  const { origin, datastore, response } = answer;
  const host = origin.hostFor(datastore);
  const taken: Transfers[] = [];
  try {
    for (const transfers of host ? [origin.transfers, host] : [origin.transfers]) {
      if (!transfers.begin()) return busy(response);
      taken.push(transfers);
    }
    await sendBody(answer, host);
  } finally {
    for (const transfers of taken) transfers.end();
  }
}

async function sendBody(answer: FileAnswer, host: Transfers | undefined): Promise<void> {
  const { counters, origin, request, response, file, cutAfterBytes = Number.POSITIVE_INFINITY } = answer;
  const { sizeBytes } = file;
  const range = parseRange(request.headers.range, sizeBytes);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${sizeBytes}`, 'content-length': 0 }).end();
    return;
  }
  const { start, end: stop } = range ?? { start: 0, end: sizeBytes };
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('content-length', stop - start);
  if (range) response.setHeader('content-range', `bytes ${start}-${stop - 1}/${sizeBytes}`);
  response.writeHead(range ? 206 : 200);
  if (request.method === 'GET') {
    const cutAt = Math.min(stop, start + cutAfterBytes);
    for (let at = start; at < cutAt && !response.destroyed; ) {
      const chunk = file.read(at, Math.min(chunkBytes, cutAt - at));
      if (chunk.length === 0) return void response.destroy();
      counters.fileBytesSent += chunk.length;
      origin.transfers.sent(chunk.length, false);
      host?.sent(chunk.length, true);
      at += chunk.length;
      if (!response.write(chunk) && at < cutAt) await drained(response);
    }
    if (cutAt < stop) return cut(response);
  }
  // Over with the last bytes in the buffers, as for a server that has a thread for each: a client that has them all may
  // be back with its next request before this process learns that they have left.
  response.end();
}

/** Until more can be written, or the client is gone. */
async function drained(response: ServerResponse): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    stop.abort();
  }
}

/** Behind what was written, so that the client sees those bytes first. */
async function cut(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => process.nextTick(resolve));
  const over = once(response, 'close');
  response.socket?.end();
  await over;
}

function busy(response: ServerResponse): void {
  const body = 'Service unavailable\n';
  response.writeHead(503, { 'content-type': 'text/plain', 'content-length': body.length }).end(body);
}
