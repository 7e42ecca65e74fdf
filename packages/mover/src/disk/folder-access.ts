import { z } from 'zod';

const bytes = z.number().int().nonnegative();
const port = z.number().int().min(1).max(65535);
const text = z.string().min(1);

/** What a device MUST say of itself before anything is read from it. */
const identity = {
  /** Names the device in errors, such as the name of the volume or LUN on its array. */
  name: text,
  sizeBytes: bytes,
  /** VPD page 0x80; empty when it is not known. */
  serial: z.string(),
  /** VPD page 0x83 as ESXi writes it: `naa.…`, `eui.…`, `t10.…`. */
  scsiNames: z.array(text),
};

const isTold = ({ serial, scsiNames }: { serial: string; scsiNames: readonly string[] }) =>
  serial !== '' || scsiNames.length > 0;
const notTold = { message: 'neither a serial number nor a SCSI name says which device is meant' };

export const iscsiLunAccessSchema = z
  .object({
    kind: z.literal('iscsi'),
    /** Of one target; reads go on over the others when one is lost. */
    portals: z.array(z.object({ host: text, port: port.optional() })).min(1),
    targetName: text,
    lun: z.number().int().nonnegative(),
    initiatorName: text,
    /** Held in memory only: MUST NOT be logged, journaled or put into an error. */
    chap: z.object({ username: text, password: text }).optional(),
    ...identity,
    /** Sessions that each reader keeps; one unless given, since every worker is a reader of its own. */
    sessions: z.number().int().min(1).max(32).optional(),
  })
  .refine(isTold, notTold);

/** A device that the kernel of this host presents (Fibre Channel, NVMe-oF, …), found by its identity. */
export const blockLunAccessSchema = z
  .object({ kind: z.literal('block'), ...identity })
  .refine(isTold, notTold);

export const lunAccessSchema = z.discriminatedUnion('kind', [iscsiLunAccessSchema, blockLunAccessSchema]);

export const nfsFolderAccessSchema = z.object({
  protocol: z.literal('nfs'),
  /** Data addresses of one server, tried in order. */
  addresses: z.array(text).min(1),
  nfsPort: port.optional(),
  mountPort: port.optional(),
  exportPath: text,
  /** Where the files of the datastore begin, relative to the export; '' is the export itself. */
  rootPath: z.string(),
  localAddress: text.optional(),
  privilegedPort: z.enum(['never', 'try', 'require']).optional(),
});

export const vmfsFolderAccessSchema = z.object({
  protocol: z.literal('vmfs'),
  /** Of the datastore, as in its URL in vCenter. */
  uuid: text,
  /** One for each extent, in any order. */
  luns: z.array(lunAccessSchema).min(1),
});

/** How the files of a datastore in a storage snapshot are reached. JSON: it crosses processes and threads. */
export const folderAccessSchema = z.discriminatedUnion('protocol', [
  nfsFolderAccessSchema,
  vmfsFolderAccessSchema,
]);

export type FolderAccess = z.infer<typeof folderAccessSchema>;
export type NfsFolderAccess = z.infer<typeof nfsFolderAccessSchema>;
export type VmfsFolderAccess = z.infer<typeof vmfsFolderAccessSchema>;
export type LunAccess = z.infer<typeof lunAccessSchema>;
export type IscsiLunAccess = z.infer<typeof iscsiLunAccessSchema>;
export type BlockLunAccess = z.infer<typeof blockLunAccessSchema>;
