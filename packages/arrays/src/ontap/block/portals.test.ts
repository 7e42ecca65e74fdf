import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { type FakeRequest, type RestFake, startRestFake } from '../../testing/rest-fake.ts';
import { volumeSchema } from '../inventory/volumes.ts';
import { OntapArray } from '../ontap-array.ts';
import { ontapSettingsSchema } from '../settings.ts';
import type { LunMap } from './lun-map.ts';
import { targetOf, usablePortals } from './portals.ts';

const certificate = await createSelfSignedCertificate({
  commonName: 'fake',
  altNames: ['127.0.0.1'],
  clock: systemClock,
});
const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const ours = { name: 'svm_vms', uuid: uuid(1) };
const other = { name: 'svm_other', uuid: uuid(2) };
const volume = volumeSchema.parse({ uuid: uuid(3), name: 'ds_block', svm: ours });
const open: RestFake[] = [];

afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close();
});

const lif = (address: string, part: object = {}) => ({
  uuid: address,
  name: address,
  ip: { address },
  state: 'up',
  services: ['data_core', 'data_iscsi'],
  svm: ours,
  location: { node: { name: 'node-1' } },
  ...part,
});

/** A cluster that answers with all its interfaces, whatever it is asked for. */
async function cluster(interfaces: readonly object[]) {
  const answer = ({ path }: FakeRequest) => {
    if (path === '/api/network/ip/interfaces') return { status: 200, body: { records: interfaces } };
    return {
      status: 200,
      body: { svm: ours, enabled: true, target: { name: 'iqn.1992-08.com.netapp:ours' } },
    };
  };
  const fake = await startRestFake({ key: certificate.keyPem, cert: certificate.certificatePem }, answer);
  open.push(fake);
  const trust = { kind: 'fingerprint', sha256: certificate.sha256 };
  const login = { username: 'u', password: 'p', trust };
  const settings = { family: 'ontap', host: '127.0.0.1', port: fake.port, ...login };
  return { fake, array: new OntapArray(ontapSettingsSchema.parse(settings), { clock: systemClock }) };
}

describe('portals of an SVM', () => {
  it('are its own that offer iSCSI and are up, and no others of the cluster', async () => {
    const { fake, array } = await cluster([
      lif('192.0.2.1', { svm: other }),
      lif('192.0.2.2'),
      lif('192.0.2.3', { services: ['data_core', 'data_nfs'] }),
      lif('192.0.2.4', { state: 'down' }),
      lif('192.0.2.5', { enabled: false }),
      lif('192.0.2.6', { location: {} }),
    ]);
    expect(await targetOf(array, volume)).toEqual({
      targetName: 'iqn.1992-08.com.netapp:ours',
      portals: [
        { address: '192.0.2.2', port: 3260, node: 'node-1' },
        { address: '192.0.2.6', port: 3260 },
      ],
    });
    const asked = fake.requests.filter(({ path }) => path === '/api/network/ip/interfaces');
    expect(asked.map(({ query }) => query.get('svm.uuid'))).toEqual([ours.uuid]);
  });

  it('are missing when only other SVMs have some', async () => {
    const { array } = await cluster([lif('192.0.2.1', { svm: other })]);
    await expect(targetOf(array, volume)).rejects.toMatchObject({
      code: 'L-ARR-607',
      details: { reason: 'SVM svm_vms has no data port for iSCSI that is up' },
    });
  });
});

describe('portals that show a LUN', () => {
  const portals = [
    { address: '192.0.2.1', port: 3260, node: 'node-1' },
    { address: '192.0.2.2', port: 3260, node: 'node-2' },
    { address: '192.0.2.3', port: 3260, node: 'node-3' },
    { address: '192.0.2.9', port: 3260 },
  ];
  const mapTo = (...nodes: string[]): LunMap => ({
    igroup: { name: 'group', uuid: uuid(4) },
    lun: { name: '/vol/clone/lun0', uuid: uuid(5) },
    logical_unit_number: 0,
    reporting_nodes: nodes.map((name) => ({ name, uuid: name })),
  });

  it.each([
    ['the reporting nodes alone, its owner first', [mapTo('node-1', 'node-2')], ['2', '1', '9']],
    ['the reporting nodes of any of the mappings', [mapTo('node-2'), mapTo('node-3')], ['2', '3', '9']],
    ['all nodes where the array does not tell', [mapTo()], ['2', '1', '3', '9']],
  ])('are those of %s', async (_, maps, expected) => {
    const { array } = await cluster([]);
    const usable = usablePortals(array, portals, maps, 'node-2');
    expect(usable).toEqual(
      expected.map((last) => ({
        address: `192.0.2.${last}`,
        port: 3260,
        preference: last === '2' ? 0 : 1,
      })),
    );
  });

  it('are missing, with the names of its nodes, when only other nodes have some', async () => {
    const { array } = await cluster([]);
    const look = () => usablePortals(array, portals.slice(0, 2), [mapTo('node-3', 'node-4')], 'node-3');
    expect(look).toThrow(
      expect.objectContaining({
        code: 'L-ARR-607',
        details: {
          host: '127.0.0.1',
          reason: 'no data port for iSCSI is up on the nodes that show the LUN (node-3, node-4)',
        },
      }),
    );
  });
});
