import { readFile } from 'node:fs/promises';
import { addresses } from '@leeward/lab/scenario/addresses';
import { systemClock, systemRandomness } from '@leeward/platform';
import { connectNfs } from '@leeward/transports/nfs/client/nfs-client';
import { NfsWriter } from '@leeward/transports/nfs/client/nfs-writer';
import { z } from 'zod';
import type { Site } from './site.ts';

const portsSchema = z.record(z.string(), z.object({ nfsPort: z.number(), mountPort: z.number() }));

/**
 * Changes a text file on the NFS datastore of the primary cluster by hand, as root of the host. Returns what undoes
 * that.
 */
export async function editFile(
  site: Site,
  path: string,
  edit: (text: string) => string,
): Promise<() => Promise<void>> {
  const before = await readText(site, path);
  const after = edit(before);
  if (after === before) throw new Error(`nothing to change in ${path}: ${before}`);
  await writeText(site, path, after);
  return () => writeText(site, path, before);
}

/** Cuts off the end of a file. */
export function truncateFile(site: Site, path: string, sizeBytes: number): Promise<void> {
  return writing(site, async (writer) => writer.setSize(await writer.openFile(path), sizeBytes));
}

async function readText(site: Site, path: string): Promise<string> {
  const mount = await connectNfs(await optionsOf(site));
  try {
    return Buffer.from(await mount.readFile(path, 64 * 1024)).toString('utf8');
  } finally {
    await mount.close();
  }
}

function writeText(site: Site, path: string, text: string): Promise<void> {
  return writing(site, async (writer) => {
    const file = await writer.openFile(path);
    await writer.setSize(file, 0);
    await writer.write(file, 0, Buffer.from(text));
  });
}

async function writing(site: Site, work: (writer: NfsWriter) => Promise<void>): Promise<void> {
  const writer = await NfsWriter.connect(await optionsOf(site));
  try {
    await work(writer);
  } finally {
    await writer.close();
  }
}

async function optionsOf({ lab }: Site) {
  const array = lab.arrays.find(({ dataAddress }) => dataAddress === addresses.primary);
  if (!array) throw new Error('the lab has no primary cluster');
  const ports = portsSchema.parse(JSON.parse(await readFile(array.nfsPortsFile ?? '', 'utf8')))[
    addresses.primary
  ];
  return {
    ...{ addresses: [addresses.primary], exportPath: '/vm_ds1', localAddress: addresses.esxi },
    ...ports,
    ...{ clock: systemClock, randomness: systemRandomness },
  };
}
