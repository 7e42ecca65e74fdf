const blockBytes = 512;
const longestName = 100;

export interface TarFile {
  /** Relative, at most 100 characters of ASCII. */
  readonly name: string;
  readonly content: Uint8Array;
}

/** A tar archive (POSIX ustar) of small files, one after the other. */
export async function* tarOf(files: AsyncIterable<TarFile>, atSeconds: number): AsyncIterable<Uint8Array> {
  for await (const { name, content } of files) {
    yield header(name, content.length, atSeconds);
    yield content;
    const rest = content.length % blockBytes;
    if (rest > 0) yield new Uint8Array(blockBytes - rest);
  }
  yield new Uint8Array(2 * blockBytes);
}

function header(name: string, sizeBytes: number, atSeconds: number): Uint8Array {
  if (name.length > longestName || !/^[\x20-\x7e]+$/.test(name))
    throw new RangeError(`${name} cannot be the name of a file in a tar archive`);
  const block = Buffer.alloc(blockBytes);
  const text = (at: number, value: string) => block.write(value, at, 'latin1');
  const octal = (at: number, digits: number, value: number) =>
    text(at, `${value.toString(8).padStart(digits, '0')}\0`);
  text(0, name);
  octal(100, 7, 0o600);
  octal(108, 7, 0);
  octal(116, 7, 0);
  octal(124, 11, sizeBytes);
  octal(136, 11, Math.floor(atSeconds));
  // The sum is taken with blanks in its own place.
  text(148, ' '.repeat(8));
  text(156, '0');
  text(257, 'ustar\x0000');
  const sum = block.reduce((total, byte) => total + byte, 0);
  text(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}
