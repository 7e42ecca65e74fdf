import { z } from 'zod';

const bytes = z.number().int().nonnegative();
const port = z.number().int().min(1).max(65535);

/** A part of a flat disk: `lengthBytes` of the file at `path`, from `offsetBytes`. */
export const sourceExtentSchema = z.object({
  path: z.string().min(1),
  offsetBytes: bytes,
  lengthBytes: bytes,
});

export const fileSourceSchema = z.object({
  kind: z.literal('file'),
  path: z.string().min(1),
  sizeBytes: bytes,
});

export const nfsSourceSchema = z
  .object({
    kind: z.literal('nfs'),
    /** Data addresses of one server, tried in order. */
    addresses: z.array(z.string().min(1)).min(1),
    nfsPort: port.optional(),
    mountPort: port.optional(),
    exportPath: z.string().min(1),
    localAddress: z.string().optional(),
    privilegedPort: z.enum(['never', 'try', 'require']).optional(),
    /** The extents of the flat VMDK in the order of the disk; paths are relative to the export. */
    extents: z.array(sourceExtentSchema),
    sizeBytes: bytes,
  })
  .refine(coversDisk, { message: 'the extents do not add up to the size of the disk' });

/** Where the bytes of a disk are read from. JSON: it crosses processes and threads. */
export const diskSourceSchema = z.discriminatedUnion('kind', [fileSourceSchema, nfsSourceSchema]);

export type DiskSource = z.infer<typeof diskSourceSchema>;
export type FileSource = z.infer<typeof fileSourceSchema>;
export type NfsSource = z.infer<typeof nfsSourceSchema>;

function coversDisk(source: { extents: { lengthBytes: number }[]; sizeBytes: number }): boolean {
  return source.extents.reduce((sum, extent) => sum + extent.lengthBytes, 0) === source.sizeBytes;
}
