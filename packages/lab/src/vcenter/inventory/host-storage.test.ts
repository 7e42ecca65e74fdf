import { describe, expect, test } from 'vitest';
import { type SanLab, sanInitiator, sanSerials, startSanLab } from '../testing/san-lab.ts';

const mebibyte = 1 << 20;
const luns = [`eui.${sanSerials.ds1}`, `eui.${sanSerials.ds2}`];
const at = { datacenter: 'DC1', host: 'esx1.lab' };

function refOf({ probe }: SanLab, path: string): Promise<string> {
  return probe.value(
    'FindByInventoryPath',
    'SearchIndex:SearchIndex',
    `<inventoryPath>${path}</inventoryPath>`,
  );
}

describe('a host shows its LUNs and VMFS volumes', () => {
  test('identity, extents in order, free space, the hosts that see them', async () => {
    const lab = await startSanLab({
      vcenter: (config) => ({
        ...config,
        hosts: [...config.hosts, { name: 'esx2.lab', datacenter: 'DC1', cluster: 'C1' }],
        datastores: [{ name: 'vmfs1', datacenter: 'DC1', type: 'VMFS', vmfs: { luns: luns.toReversed() } }],
        vms: [
          {
            ...at,
            name: 'one',
            datastore: 'vmfs1',
            disks: [{ sizeBytes: 600 * mebibyte, provisioning: 'eager' }],
          },
        ],
      }),
    });
    try {
      const { probe } = lab;
      const host = await refOf(lab, '/DC1/host/C1/esx1.lab');
      const config = await probe.value('Fetch', `HostSystem:${host}`, '<prop>config.storageDevice</prop>');
      const found = [...config.matchAll(/<scsiLun xsi:type="HostScsiDisk">.*?<\/scsiLun>/gs)].map(
        ([text]) => text,
      );
      expect(found.length).toBe(3);
      const first = found.find((text) => text.includes(`<canonicalName>${luns[0]}</canonicalName>`)) ?? '';
      expect(first).toContain('<vendor>Nimble  </vendor><model>Server          </model>');
      expect(first).toContain(`<blockSize>512</blockSize><block>${(2048 * mebibyte) / 512}</block>`);
      expect(first).toContain(`/vmfs/devices/disks/${luns[0]}`);
      const serial = [...first.matchAll(/<data>(-?\d+)<\/data>/g)].map(([, byte]) => Number(byte) & 0xff);
      expect(Buffer.from(serial).toString('latin1')).toContain(sanSerials.ds1);
      expect(config).toContain(`<iScsiName>${sanInitiator}</iScsiName>`);
      const datastore = await refOf(lab, '/DC1/datastore/vmfs1');
      const info = await probe.value('Fetch', `Datastore:${datastore}`, '<prop>info</prop>');
      const names = [...info.matchAll(/<diskName>([^<]+)<\/diskName><partition>1</g)].map(([, name]) => name);
      expect(names).toEqual(luns.toReversed());
      const [, uuid] = /<uuid>([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12})</.exec(info) ?? [];
      const summary = await probe.value('Fetch', `Datastore:${datastore}`, '<prop>summary</prop>');
      expect(summary).toContain(`<url>ds:///vmfs/volumes/${uuid}/</url>`);
      const number = (name: string) => Number(new RegExp(`<${name}>(\\d+)<`).exec(summary)?.[1]);
      expect(number('capacity')).toBeGreaterThan(2500 * mebibyte);
      expect(number('capacity') - number('freeSpace')).toBeGreaterThan(600 * mebibyte);
      const mounts = await probe.value('Fetch', `Datastore:${datastore}`, '<prop>host</prop>');
      expect(mounts.match(/<mountInfo>/g)?.length).toBe(1);
      expect(mounts).toContain(`>${host}<`);
    } finally {
      await lab.close();
    }
  });

  test('a datastore whose LUN nobody sees is refused with the names that are there', async () => {
    const start = startSanLab({
      vcenter: (config) => ({
        ...config,
        datastores: [{ name: 'vmfs1', datacenter: 'DC1', type: 'VMFS', vmfs: { luns: ['naa.00'] } }],
      }),
    });
    await expect(start).rejects.toThrow(`datastore vmfs1: no host has all of naa.00; found: ${luns[0]}`);
  });

  test('files of a VMFS datastore are downloaded as those of any other', async () => {
    const lab = await startSanLab({
      vcenter: (config) => ({
        ...config,
        datastores: [{ name: 'vmfs1', datacenter: 'DC1', type: 'VMFS', vmfs: { luns: luns.slice(0, 1) } }],
        vms: [
          {
            ...at,
            name: 'one',
            datastore: 'vmfs1',
            powerState: 'poweredOff',
            disks: [{ sizeBytes: mebibyte }],
          },
        ],
      }),
    });
    try {
      const get = (path: string) =>
        lab.probe.https.request({ method: 'GET', path, headers: { cookie: lab.probe.cookie } });
      const vmx = await get('/folder/one/one.vmx?dcPath=DC1&dsName=vmfs1');
      expect(vmx.statusCode).toBe(200);
      expect(await vmx.body.text()).toContain('displayName = "one"');
      const flat = await get('/folder/one/one-flat.vmdk?dcPath=DC1&dsName=vmfs1');
      expect((await flat.body.arrayBuffer()).byteLength).toBe(mebibyte);
    } finally {
      await lab.close();
    }
  });
});
