import { XdrWriter } from '../../../xdr/xdr-writer.ts';

/** The content of a READ reply record. */
export function readReply(xid: number, data: Uint8Array, withAttributes = true): Uint8Array {
  const writer = new XdrWriter().uint32(xid).uint32(1).uint32(0).uint32(0).uint32(0).uint32(0);
  writer.uint32(0).boolean(withAttributes);
  if (withAttributes) writer.opaqueFixed(new Uint8Array(84));
  return writer.uint32(data.length).boolean(true).opaque(data).bytes();
}

/** Cuts a record into fragments at the given places. */
export function asFragments(record: Uint8Array, cuts: readonly number[]): Uint8Array {
  const borders = [0, ...cuts.map((cut) => cut % record.length).sort((a, b) => a - b), record.length];
  const pieces = borders.slice(1).map((end, index) => record.subarray(borders[index], end));
  return Buffer.concat(
    pieces.map((piece, index) => {
      const last = index === pieces.length - 1 ? 0x8000_0000 : 0;
      return Buffer.concat([new XdrWriter().uint32((last | piece.length) >>> 0).bytes(), piece]);
    }),
  );
}

/** The content of a reply to a READ that the server refuses with `status`. */
export function refusedReply(xid: number, status: number): Uint8Array {
  const writer = new XdrWriter().uint32(xid).uint32(1).uint32(0).uint32(0).uint32(0).uint32(0);
  return writer.uint32(status).boolean(false).bytes();
}
