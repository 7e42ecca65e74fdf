import { LeewardError } from '@leeward/core';
import { innermostReason } from '@leeward/platform/https/connection-failure';
import { contentRangeOf, type FileStamp, headerOf, modifiedOf, rangeProblem } from './http-answer.ts';
import { httpError } from './http-failure.ts';
import { listedNames, maxListingBytes } from './http-listing.ts';
import type { HttpAnswer, HttpRequests } from './http-requests.ts';

/** Files and listings of a datastore behind `/folder`. Paths are relative to the datastore. */
export class HttpFiles {
  readonly #requests: HttpRequests;

  constructor(requests: HttpRequests) {
    this.#requests = requests;
  }

  /**
   * Size and time of change, by asking for the first byte: an answer to HEAD has no text that could tell a locked file
   * from trouble. Throws `L-NET-406` when there is no such file, `L-NET-407` when it is locked.
   */
  async stat(path: string, signal?: AbortSignal): Promise<FileStamp> {
    return this.#requests.ask(
      { path, headers: { range: 'bytes=0-0' } },
      async (answer) => {
        const { statusCode, headers } = answer;
        const modified = modifiedOf(headers);
        // An empty file has no first byte; some servers then answer as if no range had been asked for.
        const isWholeEmpty = statusCode === 200 && headerOf(headers, 'content-length') === '0';
        if (statusCode === 416 || isWholeEmpty) return { sizeBytes: 0, modified };
        if (statusCode >= 400) throw await this.#requests.refusal(answer, path);
        const problem = rangeProblem(answer, { first: 0, last: 0 });
        if (problem) throw httpError('L-NET-409', this.#requests.placeOf(path), { problem });
        // To its end, or the connection would be given up.
        for await (const chunk of answer.body) if (chunk.length > 1) break;
        return { sizeBytes: contentRangeOf(headers)?.total ?? 0, modified };
      },
      signal,
    );
  }

  /**
   * Fills the target with what lies at `offsetBytes` of the file as it was at `stamp`; once it has thrown, nothing
   * writes to the target. The range lies within the file. Throws `L-NET-410` when it is another file by now, and
   * `L-NET-409` for an answer that is not exactly this range: none of it is taken then.
   */
  async readRange(
    path: string,
    stamp: FileStamp,
    offsetBytes: number,
    target: Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    const last = offsetBytes + target.length - 1;
    let done = 0;
    await this.#requests.ask(
      () => ({ path, headers: { range: `bytes=${offsetBytes + done}-${last}` } }),
      async (answer, inner) => {
        await this.#checkRange(answer, path, { first: offsetBytes + done, last }, stamp);
        const place = this.#requests.placeOf(path);
        const broken = (reason: string, cause?: unknown) =>
          httpError('L-NET-412', place, { doneBytes: done, lengthBytes: target.length, reason }, cause);
        const problem = 'it sends more bytes than the range has';
        try {
          for await (const chunk of answer.body) {
            inner.throwIfAborted();
            if (chunk.length > target.length - done) throw httpError('L-NET-409', place, { problem });
            target.set(chunk, done);
            done += chunk.length;
          }
        } catch (error) {
          inner.throwIfAborted();
          if (error instanceof LeewardError) throw error;
          throw broken(innermostReason(error), error);
        }
        if (done < target.length) throw broken('the answer ended early');
      },
      signal,
    );
  }

  /** Names in a folder ('' is the datastore), as its listing has them. Throws `L-NET-406` when there is none. */
  async names(path: string, signal?: AbortSignal): Promise<readonly string[]> {
    const page = await this.#requests.ask(
      { path },
      (answer, inner) => this.#listing(answer, path, inner),
      signal,
    );
    return listedNames(page, path);
  }

  async #listing(answer: HttpAnswer, path: string, inner: AbortSignal): Promise<string> {
    if (answer.statusCode !== 200) throw await this.#requests.refusal(answer, path);
    const place = this.#requests.placeOf(path);
    if (!/^text\/html\b/i.test(headerOf(answer.headers, 'content-type') ?? ''))
      throw httpError('L-NET-409', place, { problem: 'it is a file and not a folder' });
    const chunks: Uint8Array[] = [];
    let lengthBytes = 0;
    try {
      for await (const chunk of answer.body) {
        inner.throwIfAborted();
        lengthBytes += chunk.length;
        if (lengthBytes > maxListingBytes) break;
        chunks.push(chunk);
      }
    } catch (error) {
      inner.throwIfAborted();
      const details = { doneBytes: lengthBytes, lengthBytes: 'all', reason: innermostReason(error) };
      throw httpError('L-NET-412', place, details, error);
    }
    if (lengthBytes > maxListingBytes)
      throw httpError('L-NET-411', place, { sizeBytes: lengthBytes, maxBytes: maxListingBytes });
    return Buffer.concat(chunks).toString('utf8');
  }

  async #checkRange(
    answer: HttpAnswer,
    path: string,
    wanted: { readonly first: number; readonly last: number },
    stamp: FileStamp,
  ): Promise<void> {
    const { statusCode, headers } = answer;
    const place = this.#requests.placeOf(path);
    if (statusCode === 416)
      throw httpError('L-NET-410', place, { problem: `it does not reach to byte ${wanted.last} any more` });
    if (statusCode >= 400) throw await this.#requests.refusal(answer, path);
    const total = contentRangeOf(headers)?.total;
    if (statusCode === 206 && total !== undefined && total !== stamp.sizeBytes)
      throw httpError('L-NET-410', place, { problem: `it had ${stamp.sizeBytes} bytes and has ${total}` });
    const problem = rangeProblem(answer, wanted);
    if (problem) throw httpError('L-NET-409', place, { problem });
    const modified = modifiedOf(headers);
    if (modified !== stamp.modified)
      throw httpError('L-NET-410', place, { problem: `it was written on ${modified}` });
  }
}
