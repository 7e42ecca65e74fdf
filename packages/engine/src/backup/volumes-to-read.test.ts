import type { LocatedFile, ReachProof, VmPlan } from '@leeward/core';
import { expect, it } from 'vitest';
import { FrozenFolders } from '../proxy/frozen-folders.ts';
import type { ProxyDeps } from '../proxy/proxy-deps.ts';
import { type ReadVmFile, type ReadVmInput, readVmInputSchema } from '../proxy/read-vm.ts';
import { accessKey, type Presented } from './group-state.ts';
import { volumesToRead } from './volumes-to-read.ts';

const volume = (objectId: string) => ({ arraySerial: 'primary', objectId });
const file = (objectId: string): LocatedFile => ({
  ...{ volume: volume(objectId), datastore: objectId, folder: '', path: 'a.vmdk', hostFolders: [] },
});
const extent = { volume: volume('lun'), lunPath: '', scsiName: 'naa.1' };
const onLun: LocatedFile = { ...file('lun'), vmfs: { uuid: 'u', extents: [extent] } };
const planned = (...files: LocatedFile[]) =>
  ({ disks: files.map((located) => ({ located, parents: [] })) }) as unknown as VmPlan;

const proof = (address: string, protocol: 'nfs' | 'iscsi', reached: boolean): ReachProof => ({
  ...{ arraySerial: 'secondary', address, protocol, reached },
  ...{ text: '', checkedAt: '2026-11-25T00:00:00Z' },
});
const reach = [
  proof('192.0.2.1', 'iscsi', false),
  proof('192.0.2.3', 'iscsi', true),
  proof('192.0.2.4', 'iscsi', true),
  proof('192.0.2.5', 'iscsi', true),
  proof('192.0.2.1', 'nfs', true),
  proof('192.0.2.2', 'nfs', false),
];
const initiatorName = 'iqn.2026-11.io.leeward:p';
const portal = (last: number, preference: number) => ({
  ...{ address: `192.0.2.${last}`, port: 3260, preference },
});
const lun: Presented = {
  arrayId: 'secondary',
  presentation: {
    ...{ protocol: 'iscsi', chap: false },
    portals: [portal(1, 0), portal(2, 0), portal(3, 0), portal(5, 0), portal(4, 1)],
    luns: [
      {
        ...{ path: '', access: [{ initiatorName, lun: 0 }], targetName: 'iqn.2026-11.org.example:t' },
        ...{ sizeBytes: 1024, serial: 's', scsiNames: [] },
      },
    ],
  },
};

/** As it crosses to the proxy. */
function crossed(vm: VmPlan, presented: ReadonlyMap<string, Presented>): ReadVmInput['volumes'] {
  return readVmInputSchema.shape.volumes.parse(
    JSON.parse(JSON.stringify(volumesToRead(vm, presented, reach))),
  );
}

it('portals: those that the proxy reached, then untried ones, last those it could not reach', async () => {
  const volumes = crossed(planned(onLun), new Map([[accessKey(volume('lun'), 'iscsi'), lun]]));
  const deps = { store: { settings: { dataPath: async () => ({ giveUpSeconds: 90 }) } } };
  const folders = new FrozenFolders(
    deps as unknown as ProxyDeps,
    { volumes, initiatorName } as unknown as ReadVmInput,
  );
  const { access } = await folders.folderOf(onLun as ReadVmFile);
  if (access.protocol !== 'vmfs' || access.luns[0]?.kind !== 'iscsi') throw new Error('no LUN');
  expect(access.luns[0].giveUpAfterMs).toBe(90_000);
  expect(access.luns[0].portals).toEqual([
    { host: '192.0.2.3', port: 3260, rank: 0 },
    { host: '192.0.2.5', port: 3260, rank: 0 },
    // The array likes it less: it is on another node than the LUN.
    { host: '192.0.2.4', port: 3260, rank: 1 },
    { host: '192.0.2.2', port: 3260, rank: 2 },
    { host: '192.0.2.1', port: 3260, rank: 3 },
  ]);
});

it('addresses of an NFS server the same way, by the proofs for NFS of the array that shows it', () => {
  const addresses = ['192.0.2.2', '192.0.2.3', '192.0.2.1'];
  const place = { protocol: 'nfs', exportPath: '/e', rootPath: '' } as const;
  const ordered = (arrayId: string) =>
    crossed(
      planned(file('ds')),
      new Map([[accessKey(volume('ds'), 'nfs'), { arrayId, presentation: { ...place, addresses } }]]),
    );
  expect(ordered('secondary')).toEqual([
    {
      ...{ volume: volume('ds'), arrayId: 'secondary' },
      presentation: { ...place, addresses: ['192.0.2.1', '192.0.2.3', '192.0.2.2'] },
    },
  ]);
  expect(ordered('another')).toMatchObject([{ presentation: { addresses } }]);
});

it('holds what is presented and nothing else', () => {
  expect(crossed(planned(file('ds'), onLun), new Map())).toEqual([]);
});
