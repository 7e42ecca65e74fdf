import { bounded, type Clock, LeewardError, retry } from '@leeward/core';
import type { HttpsClient } from '@leeward/platform';
import type { VimSession } from '../session/session.ts';
import { connectionError } from '../wire/connection-error.ts';
import { type Opened, ResumingSource, type Stamp } from './resuming-source.ts';

export interface DatastoreFile {
  /** Inventory path as `DatastoreInfo.datacenterPath` gives it. */
  readonly datacenterPath: string;
  /** Name of the datastore. */
  readonly datastore: string;
  /** Path inside the datastore, without the `[datastore] ` in front. */
  readonly path: string;
}

/** Part of a file; `lengthBytes` MUST be above 0. */
export interface FileRange {
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

type Response = Awaited<ReturnType<HttpsClient['request']>>;

const answerTimeoutMs = 60_000;
const tries = { attempts: 5, firstDelayMs: 1_000, maxDelayMs: 8_000 };

interface Place {
  readonly host: string;
  readonly port: number;
  readonly username: string;
}

/** Reads files of datastores through vCenter's `/folder`, with the session's cookie. */
export class DatastoreFiles {
  readonly #https: HttpsClient;
  readonly #session: VimSession;
  readonly #clock: Clock;
  readonly #place: Place;

  constructor(https: HttpsClient, session: VimSession, clock: Clock, place: Place) {
    this.#https = https;
    this.#session = session;
    this.#clock = clock;
    this.#place = place;
  }

  /** Size of a file in bytes. Errors: `L-VC-501` (no such file), `L-VC-502`, and those of the connection. */
  async sizeOf(file: DatastoreFile, signal?: AbortSignal): Promise<number> {
    return retry(this.#clock, { ...tries, signal }, async () => {
      const response = await this.#request(file, 'HEAD', {}, signal);
      await response.body.dump();
      const size = Number(header(response, 'content-length') ?? Number.NaN);
      if (response.statusCode === 200 && Number.isSafeInteger(size) && size >= 0) return size;
      throw this.#refusal(file, response.statusCode);
    });
  }

  /**
   * The bytes of a file or of a part of it, in order. Goes on where it was when the connection breaks; throws
   * `L-VC-503` when the file turns out to be another one then, or ends early.
   */
  async *read(file: DatastoreFile, range?: FileRange, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const { host, port } = this.#place;
    const source = new ResumingSource({
      clock: this.#clock,
      signal,
      open: (delivered, stamp) => this.#open(file, delivered, range, stamp, signal),
      explain: (error) => connectionError(error, host, port),
    });
    try {
      for (;;) {
        const chunk = await retry(this.#clock, { ...tries, signal }, () => source.next());
        if (!chunk) return;
        yield chunk;
      }
    } finally {
      source.close();
    }
  }

  async #open(
    file: DatastoreFile,
    at: number,
    range: FileRange | undefined,
    stamp: Stamp | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Opened> {
    const first = (range?.offsetBytes ?? 0) + at;
    const last = range ? range.offsetBytes + range.lengthBytes - 1 : undefined;
    if (last !== undefined && first > last) return { stamp: stamp ?? { modified: '' } };
    const whole = first === 0 && last === undefined;
    const headers: Record<string, string> = whole ? {} : { range: `bytes=${first}-${last ?? ''}` };
    const response = await this.#request(file, 'GET', headers, signal);
    const seen = stampOf(response);
    if (response.statusCode !== (whole ? 200 : 206)) {
      await response.body.dump();
      // Asked for what lies behind the end: everything was read.
      if (response.statusCode === 416) return { stamp: seen };
      throw this.#refusal(file, response.statusCode);
    }
    if (stamp && (stamp.modified !== seen.modified || stamp.totalBytes !== seen.totalBytes)) {
      response.body.destroy();
      throw new LeewardError('L-VC-503', { file: nameOf(file), reason: 'size or time of change differ' });
    }
    return { stamp: seen, body: response.body };
  }

  #request(
    file: DatastoreFile,
    method: 'GET' | 'HEAD',
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response> {
    const name = `${nameOf(file)} on vCenter ${this.#place.host}`;
    return this.#session.runWithCookie(
      (_, cookie) =>
        bounded(this.#clock, { name, timeoutMs: answerTimeoutMs, signal }, async (inner) => {
          const path = pathOf(file);
          const call = { method, path, headers: { ...headers, cookie }, signal: inner };
          const response = await this.#https.request(call).catch((error) => {
            inner.throwIfAborted();
            throw connectionError(error, this.#place.host, this.#place.port);
          });
          if (response.statusCode !== 401) return response;
          await response.body.dump();
          throw new LeewardError('L-VC-109', { ...this.#place });
        }),
      signal,
    );
  }

  #refusal(file: DatastoreFile, status: number): LeewardError {
    const details = { ...this.#place, file: nameOf(file), status };
    if (status === 404) return new LeewardError('L-VC-501', details);
    if (status !== 403) return new LeewardError('L-VC-502', details);
    const privilege = 'Datastore.Browse, Datastore.FileManagement';
    return new LeewardError('L-VC-110', { ...details, privilege, object: `datastore ${file.datastore}` });
  }
}

function pathOf({ datacenterPath, datastore, path }: DatastoreFile): string {
  const inside = path.split('/').map(encodeURIComponent).join('/');
  const dcPath = encodeURIComponent(datacenterPath.replace(/^\/+/, ''));
  return `/folder/${inside}?dcPath=${dcPath}&dsName=${encodeURIComponent(datastore)}`;
}

function nameOf({ datastore, path }: DatastoreFile): string {
  return `[${datastore}] ${path}`;
}

function header(response: Response, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function stampOf(response: Response): Stamp {
  const modified = header(response, 'last-modified') ?? '';
  const total =
    response.statusCode === 206
      ? /\/(\d+)$/.exec(header(response, 'content-range') ?? '')?.[1]
      : header(response, 'content-length');
  return { modified, ...(total === undefined ? {} : { totalBytes: Number(total) }) };
}
