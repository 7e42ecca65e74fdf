import { z } from 'zod';

/** What a simulated host asks the array about its LUNs. Own protocol of the lab, in place of SCSI writes. */
const place = { target: z.string(), lun: z.number().int().min(0), offsetBytes: z.number().int().min(0) };

export const hostRequestSchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('hello'), token: z.string(), initiatorName: z.string() }),
  z.object({ method: z.literal('luns') }),
  z.object({ method: z.literal('read'), ...place, lengthBytes: z.number().int().min(1) }),
  z.object({ method: z.literal('write'), ...place }),
]);
export type HostRequest = z.infer<typeof hostRequestSchema>;

export const hostLunSchema = z.object({
  target: z.string(),
  lun: z.number(),
  vendor: z.string(),
  product: z.string(),
  revision: z.string(),
  serial: z.string(),
  /** As a host names it: `naa.…` or `eui.…`. */
  scsiName: z.string(),
  sizeBytes: z.number(),
  blockBytes: z.literal(512),
  writable: z.boolean(),
});
/** A LUN as a host sees it. */
export type HostLunFacts = z.infer<typeof hostLunSchema>;

/** Bytes that travel in one request. */
export const hostBatchBytes = 1024 * 1024;

/** Why a host's request was refused. */
export type HostRefusalCode = 'not-mapped' | 'out-of-range' | 'write-protected' | 'no-space' | 'failed';
