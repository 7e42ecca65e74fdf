import { expect, it } from 'vitest';
import { locateDisk } from './disk-source.ts';
import type { ReadVmDisk, ReadVmFile } from './read-vm.ts';

const file = (datastore: string, path: string): ReadVmFile => ({
  ...{ volume: { arraySerial: 'a', objectId: datastore }, datastore, folder: '', path },
  hostFolders: [datastore],
});

const descriptors: Readonly<Record<string, string>> = {
  'vm/vm.vmdk': `version=1
CID=00000001
parentCID=ffffffff
createType="vmfs"
RW 2048 VMFS "vm-flat.vmdk"
ddb.adapterType = "lsilogic"
ddb.uuid = "60 00 C2 9a 11 22 33 44-55 66 77 88 99 aa bb cc"
ddb.thinProvisioned = "1"
ddb.virtualHWVersion = "19"
`,
  'vm/vm-000002.vmdk': `version=1
CID=00000003
parentCID=00000001
createType="vmfsSparse"
parentFileNameHint="vm.vmdk"
RW 2048 VMFSSPARSE "vm-000002-delta.vmdk"
ddb.longContentID = "00000000000000000000000000000003"
`,
};

const files = {
  read: async ({ path }: ReadVmFile) => Buffer.from(descriptors[path] ?? ''),
  folderOf: async ({ datastore: name, hostFolders: hints }: ReadVmFile) => ({
    ...{ name, hints },
    access: {
      ...{ protocol: 'nfs' as const, addresses: ['10.0.0.1'], exportPath: `/${name}`, rootPath: '' },
    },
  }),
};

const disk = (changes: Partial<ReadVmDisk>): ReadVmDisk => ({
  ...{ key: 2000, label: 'Hard disk 1', node: 'scsi0:0', fileName: '[ds] vm/vm.vmdk', sizeBytes: 1 << 20 },
  ...{ located: file('ds', 'vm/vm.vmdk'), parents: [], deltas: [] },
  ...changes,
});

const facts = {
  ...{ adapterType: 'lsilogic', hardwareVersion: '19', thinProvisioned: true },
  uuid: '60 00 C2 9a 11 22 33 44-55 66 77 88 99 aa bb cc',
};

it('reads a disk from the delta that was frozen on top of it, and keeps what the disk is', async () => {
  const { signal } = new AbortController();
  const alone = await locateDisk(files, disk({}), signal);
  expect(alone.source).toMatchObject({ path: 'vm/vm.vmdk', folder: 0, folders: [{ name: 'ds' }] });
  expect(alone.facts).toEqual({ ...facts, contentId: '00000001' });
  const deltas = [file('home', 'vm/vm-000002.vmdk')];
  const quiesced = await locateDisk(files, disk({ deltas }), signal);
  expect(quiesced.source).toMatchObject({
    ...{ path: 'vm/vm-000002.vmdk', folder: 0, folders: [{ name: 'home' }, { name: 'ds' }] },
    sizeBytes: 1 << 20,
  });
  expect(quiesced.facts).toEqual({ ...facts, contentId: '00000003' });
});
