import type { Socket } from 'node:net';
import { LeewardError } from '@leeward/core';
import { problemOf } from './problem.ts';

/** What cannot be read as a request at all is answered like every other error, as far as somebody is there to read it. */
export function answerBrokenRequest(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const [status, phrase] = isTooLarge ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request'];
  const problem = isTooLarge
    ? 'address and headers are larger than 16 KiB together'
    : 'it is no HTTP request that can be read';
  const body = JSON.stringify({ ...problemOf(new LeewardError('L-CFG-103', { problem }, error)), status });
  socket.end(
    [
      `HTTP/1.1 ${status} ${phrase}`,
      'content-type: application/problem+json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
