import fc from 'fast-check';

/** Any bytes, many of them small. Without `size` no list gets longer than ten. */
export const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300, size: 'max' }),
  fc
    .array(fc.oneof(fc.nat(3), fc.constant(0x83), fc.nat(255)), { maxLength: 200, size: 'max' })
    .map((list) => Uint8Array.from(list)),
);

/** Bytes that tell where they are from. */
export const numbers = Buffer.from(Array.from({ length: 1_200 }, (_, index) => (index * 7) & 0x7f));

/** Does the work; what it throws MUST be of that kind. */
export function only(kind: new (...args: never[]) => Error, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof kind)) throw error;
  }
}

/** As `expect`, for what is looked at thousands of times. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

export const chunksOf = (stream: Buffer, chunkBytes: number): Buffer[] =>
  Array.from({ length: Math.ceil(stream.length / chunkBytes) }, (_, index) =>
    stream.subarray(index * chunkBytes, (index + 1) * chunkBytes),
  );
