import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { LeewardError } from '@leeward/core';
import type { ServerConnection } from '../api/find-server.ts';

/** Writes what the server answers at `path` of its API into a file, which is replaced, and gives its whole path. */
export async function downloadReport(
  { api }: Pick<ServerConnection, 'api'>,
  path: string,
  file: string,
): Promise<string> {
  const place = resolve(file);
  const sink = createWriteStream(place, { mode: 0o600 });
  await new Promise<void>((done, fail) => {
    sink.once('open', () => done());
    sink.once('error', ({ message }) =>
      fail(new LeewardError('L-CFG-103', { problem: `${place} cannot be written (${message})` })),
    );
  });
  await api.download(path, sink);
  return place;
}
