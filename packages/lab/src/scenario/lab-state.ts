import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const doorSchema = z.object({ port: z.number().int(), token: z.string() });

const arrayStateSchema = z.object({
  name: z.string(),
  /** As `leeward array add --family` takes it. */
  family: z.string(),
  role: z.enum(['primary', 'secondary']),
  pid: z.number().int(),
  host: z.string(),
  port: z.number().int(),
  fingerprint: z.string(),
  username: z.string(),
  passwordFile: z.string(),
  /** Data address to ports, as `leeward array add --nfs-ports-file` takes it; without it the array serves no NFS. */
  nfsPortsFile: z.string().optional(),
  /** Data address to the port of its iSCSI portal; without it the array serves no LUNs. */
  iscsiPortsFile: z.string().optional(),
  dataAddress: z.string(),
  control: doorSchema,
});

/** What a running lab is: file `lab.json` in its folder, readable by its owner only (it holds tokens). */
export const labStateSchema = z.object({
  folder: z.string(),
  startedAt: z.string(),
  vcenter: z.object({
    name: z.string(),
    pid: z.number().int(),
    host: z.string(),
    port: z.number().int(),
    fingerprint: z.string(),
    username: z.string(),
    passwordFile: z.string(),
    control: doorSchema,
  }),
  arrays: z.array(arrayStateSchema),
  vms: z.array(z.object({ name: z.string(), path: z.string() })),
});

export type LabState = z.infer<typeof labStateSchema>;
export type LabArray = LabState['arrays'][number];

export function labStatePath(folder: string): string {
  return join(folder, 'lab.json');
}

/** The lab of a folder, or `undefined` when none was started there. */
export async function readLabState(folder: string): Promise<LabState | undefined> {
  try {
    return labStateSchema.parse(JSON.parse(await readFile(labStatePath(folder), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
