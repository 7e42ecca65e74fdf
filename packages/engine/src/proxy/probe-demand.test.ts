import type { ArrayInventory, DataPort, Volume } from '@leeward/core';
import { expect, it } from 'vitest';
import { portsToProbe } from './probe-demand.ts';

const port = (address: string, more: Partial<DataPort> = {}): DataPort => ({
  ...{ id: address, name: address, tenantId: 't1', address, protocols: ['nfs'], up: true },
  ...more,
});
const volume = (name: string, more: Partial<Volume> = {}): Volume => ({
  ...{ id: { arraySerial: 'S1', objectId: name }, name, tenant: 'svm', tenantId: 't1', sizeBytes: 1 },
  ...{ access: 'read-write', online: true, isClone: false, nfsPath: `/${name}` },
  ...more,
});
const inventory = (dataPorts: DataPort[], volumes: Volume[] = []): ArrayInventory => ({
  identity: {
    ...{
      serial: 'S1',
      name: 'a',
      family: 'f',
      brand: 'b',
      model: 'm',
      version: '1',
      nodes: [],
      licences: [],
    },
  },
  ...{ dataPorts, volumes, relations: [], notes: [] },
});

it('has each port once for each protocol, with the ports of the settings', () => {
  const ports = portsToProbe(
    inventory([
      port('192.0.2.1', { protocols: ['nfs', 'iscsi'], iscsiPort: 3261 }),
      port('192.0.2.2', { protocols: ['iscsi'], iscsiPort: 3261 }),
      port('192.0.2.3', { protocols: ['fc'] }),
      port('192.0.2.4', { up: false }),
      port('192.0.2.1', { id: 'again' }),
    ]),
    {
      nfsPorts: { '192.0.2.1': { nfsPort: 12049, mountPort: 10635 } },
      iscsiPorts: { '192.0.2.2': 13260 },
    },
  );
  const arraySerial = 'S1';
  expect(ports).toEqual([
    { arraySerial, address: '192.0.2.1', protocol: 'nfs', nfsPort: 12049, mountPort: 10635, exports: [] },
    { arraySerial, address: '192.0.2.1', protocol: 'iscsi', iscsiPort: 3261 },
    { arraySerial, address: '192.0.2.2', protocol: 'iscsi', iscsiPort: 13260 },
  ]);
});

it('names exports of the tenant of the port, replicas first and not too many', () => {
  const volumes = [
    volume('production'),
    volume('copy', { access: 'read-only-replica' }),
    volume('offline', { online: false }),
    volume('elsewhere', { tenantId: 't2' }),
    { ...volume('unmounted'), nfsPath: undefined as never },
    ...['v1', 'v2', 'v3'].map((name) => volume(name)),
  ];
  const [nfs] = portsToProbe(inventory([port('192.0.2.1')], volumes), {});
  expect(nfs?.exports).toEqual([
    { path: '/copy', replica: true },
    { path: '/production', replica: false },
    { path: '/v1', replica: false },
    { path: '/v2', replica: false },
  ]);
});
