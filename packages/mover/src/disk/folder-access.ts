import { z } from 'zod';
import { httpFolderAccessSchema } from './folder/http-access.ts';

const bytes = z.number().int().nonnegative();
const port = z.number().int().min(1).max(65535);
const text = z.string().min(1);
/** How long a server may answer nothing before it counts as lost; two minutes unless given. */
const giveUpAfterMs = z.number().int().positive().optional();

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
    /**
     * Of one target, best first; reads go on over the others when one is lost. Those of one rank are equally good, and
     * readers begin at different ones of them.
     */
    portals: z
      .array(z.object({ host: text, port: port.optional(), rank: z.number().int().min(0).optional() }))
      .min(1),
    targetName: text,
    lun: z.number().int().nonnegative(),
    initiatorName: text,
    /** Held in memory only: MUST NOT be logged, journaled or put into an error. */
    chap: z
      .object({
        ...{ username: text, password: text },
        /** What the target must prove in turn. */
        mutual: z.object({ username: text, password: text }).optional(),
      })
      .optional(),
    ...identity,
    /** Sessions that each reader keeps; one unless given, since every worker is a reader of its own. */
    sessions: z.number().int().min(1).max(32).optional(),
    giveUpAfterMs,
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
  giveUpAfterMs,
});

export const vmfsFolderAccessSchema = z.object({
  protocol: z.literal('vmfs'),
  /** Of the datastore, as in its URL in vCenter. */
  uuid: text,
  /** One for each extent, in any order. */
  luns: z.array(lunAccessSchema).min(1),
});

/**
 * How the files of a datastore are reached, in a storage snapshot or as a VMware snapshot froze them. JSON: it crosses
 * processes and threads.
 */
export const folderAccessSchema = z.discriminatedUnion('protocol', [
  nfsFolderAccessSchema,
  vmfsFolderAccessSchema,
  httpFolderAccessSchema,
]);

export type FolderAccess = z.infer<typeof folderAccessSchema>;
export type NfsFolderAccess = z.infer<typeof nfsFolderAccessSchema>;
export type VmfsFolderAccess = z.infer<typeof vmfsFolderAccessSchema>;
export type { HttpFolderAccess } from './folder/http-access.ts';
export type LunAccess = z.infer<typeof lunAccessSchema>;
export type IscsiLunAccess = z.infer<typeof iscsiLunAccessSchema>;
export type BlockLunAccess = z.infer<typeof blockLunAccessSchema>;
