import { type Readable, Readable as Stream } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type SupportDeps, supportFiles } from '../support/support-files.ts';
import { tarOf } from '../support/tar-writer.ts';
import { findOne } from './find.ts';

/** What somebody who helps needs to see, without secrets. */
export class SupportService {
  readonly #deps: SupportDeps;

  constructor(deps: SupportDeps) {
    this.#deps = deps;
  }

  /**
   * A `.tar.gz`, made while it is read. `run`: that run instead of the last ones, by the beginning of its id; an unknown
   * one is refused before anything is sent (`L-CFG-102`). An error later destroys the stream.
   */
  async bundle({ run }: { readonly run?: string | undefined } = {}): Promise<Readable> {
    const { store, clock } = this.#deps;
    const runIds =
      run === undefined ? undefined : [findOne('run', await store.runs.beginningWith(run, 100), run).id];
    const tar = Stream.from(tarOf(supportFiles(this.#deps, runIds), clock.now() / 1_000), {
      objectMode: false,
    });
    const gzip = createGzip();
    tar.once('error', (error) => gzip.destroy(error));
    gzip.once('close', () => tar.destroy());
    return tar.pipe(gzip);
  }
}
