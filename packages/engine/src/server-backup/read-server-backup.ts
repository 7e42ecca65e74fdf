import { createHash } from 'node:crypto';
import { isError, LeewardError } from '@leeward/core';
import {
  BlobReader,
  listPoints,
  loadIndex,
  type Point,
  type Repository,
  TreeReader,
} from '@leeward/repository';
import {
  backupFolder,
  type DumpedTable,
  type Manifest,
  manifestName,
  manifestSchema,
  serverTag,
} from './manifest.ts';

/** A backup of a server in a repository, opened. */
export class ServerBackup {
  readonly point: Point;
  readonly manifest: Manifest;
  readonly #reader: TreeReader;

  private constructor(point: Point, manifest: Manifest, reader: TreeReader) {
    this.point = point;
    this.manifest = manifest;
    this.#reader = reader;
  }

  /** The newest, or the one whose id begins so. Throws `L-OPS-111` and `L-OPS-113`. */
  static async open(repository: Repository, path: string, snapshot?: string): Promise<ServerBackup> {
    const { points } = await listPoints(repository);
    const fitting = points.filter(
      ({ id, tags }) => tags.includes(serverTag) && (snapshot === undefined || id.startsWith(snapshot)),
    );
    const point = fitting.at(-1);
    if (!point || (snapshot !== undefined && fitting.length > 1)) {
      const wanted = snapshot === undefined ? '' : ` whose id, and only it, begins with ${snapshot}`;
      throw new LeewardError('L-OPS-111', { path, wanted });
    }
    const { index } = await loadIndex(repository);
    const reader = new TreeReader(new BlobReader(repository, index));
    const text = await reading(point, async () => {
      const node = await reader.find(point, `${backupFolder}/${manifestName}`);
      return Buffer.from(await reader.readFile(node)).toString();
    });
    return new ServerBackup(point, manifestOf(point, text), reader);
  }

  /** The rows of a table as JSON. Throws `L-OPS-113` at the end where it is not what was saved. */
  async *rows({ file, rows, sha256 }: DumpedTable): AsyncIterable<string> {
    const node = await reading(this.point, () => this.#reader.find(this.point, `${backupFolder}/${file}`));
    const hash = createHash('sha256');
    let count = 0;
    const rest: Uint8Array[] = [];
    const blocks = this.#reader.readBlocks(node)[Symbol.asyncIterator]();
    for (;;) {
      const next = await reading(this.point, () => blocks.next());
      if (next.done) break;
      const block = Buffer.from(next.value);
      hash.update(block);
      let from = 0;
      for (let end = block.indexOf(10); end >= 0; end = block.indexOf(10, from)) {
        yield Buffer.concat([...rest.splice(0), block.subarray(from, end)]).toString();
        count++;
        from = end + 1;
      }
      if (from < block.length) rest.push(block.subarray(from));
    }
    if (count !== rows || rest.length > 0 || hash.digest('hex') !== sha256)
      throw damaged(this.point, `${file} is not what was saved`);
  }
}

function manifestOf(point: Point, text: string): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw damaged(point, `${manifestName} is not JSON`, error);
  }
  const known = manifestSchema.safeParse(json);
  if (known.success) return known.data;
  const { formatVersion, version } = (json ?? {}) as { formatVersion?: unknown; version?: unknown };
  if (typeof formatVersion === 'number' && formatVersion > 1)
    throw new LeewardError('L-OPS-112', {
      version: String(version),
      reason: `its form is ${formatVersion}, known is 1`,
    });
  throw damaged(point, `${manifestName} has not the expected form`, known.error);
}

async function reading<T>(point: Point, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isDamage = ['L-REP-110', 'L-REP-111', 'L-REP-112', 'L-REP-113', 'L-REP-118'] as const;
    if (isDamage.some((code) => isError(error, code)) && error instanceof LeewardError)
      throw damaged(point, error.message, error);
    throw error;
  }
}

function damaged({ id }: Point, reason: string, cause?: unknown): LeewardError {
  return new LeewardError('L-OPS-113', { snapshot: id.slice(0, 8), reason }, cause);
}
