import type { BlockTable } from './block-table.ts';

/** Where the content of a file is: in its descriptor, in sub-blocks (0 for a hole, else the number plus 1) or in blocks. */
export type FileBody =
  | { readonly kind: 'inline'; readonly content: Buffer }
  | { readonly kind: 'sub'; readonly subBlocks: number[] }
  | { readonly kind: 'blocks'; readonly table: BlockTable }
  | { readonly kind: 'rdm'; readonly identity: Buffer };

/** A file descriptor as its host knows it. */
export interface FileNode {
  /** Its number in `.fdc.sf`. */
  readonly index: number;
  readonly address: number;
  readonly generation: number;
  readonly type: number;
  parentAddress: number;
  links: number;
  mode: number;
  sizeBytes: number;
  modifiedSeconds: number;
  /** 0 free, 1 exclusive, 2 read-only, 3 multi-writer. */
  lockMode: number;
  body: FileBody;
}
