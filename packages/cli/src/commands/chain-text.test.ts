import type { ChainLink } from '@leeward/server';
import { expect, it } from 'vitest';
import { chainText } from './chain-text.ts';

const link: ChainLink = {
  name: 'leeward_nightly_r1_g1',
  place: 'primary',
  arrayId: 'a',
  arrayName: 'ontap-a',
  volumeName: 'vm_ds1',
  state: 'there',
  owner: 'this-job',
  role: 'auxiliary',
  jobId: 'j',
  runId: 'r1',
  createdAt: '2026-11-26T01:02:03.000Z',
  heldBy: [],
  reasons: ['base'],
  why: 'It is kept because it is the base.',
  goes: 'It goes later.',
};

it('shows each volume with whose each storage snapshot is, why it is kept and when it goes', () => {
  const { role: _role, jobId: _job, runId: _run, ...seen } = link;
  const foreign: ChainLink = { ...seen, name: 'hourly.0', owner: 'foreign', place: 'secondary' };
  const text = chainText([
    link,
    { ...link, name: 'l2', role: 'long-term', lockedUntil: '2026-12-01T00:00:00.000Z', state: 'gone' },
    { ...foreign, arrayName: 'ontap-b', lockedUntil: 'forever' },
  ]);
  expect(text.split('\n')).toEqual([
    'primary ontap-a/vm_ds1',
    '  leeward_nightly_r1_g1',
    '    auxiliary, run r1, frozen 2026-11-26 01:02:03Z',
    '    It is kept because it is the base. It goes later.',
    '  l2',
    '    long-term, run r1, frozen 2026-11-26 01:02:03Z, locked until 2026-12-01 00:00:00Z, GONE',
    '    It is kept because it is the base. It goes later.',
    'secondary ontap-b/vm_ds1',
    '  hourly.0',
    '    not made by Leeward, frozen 2026-11-26 01:02:03Z, locked for ever',
    '    It is kept because it is the base. It goes later.',
  ]);
});

it('shows the VMs that a storage snapshot holds, each with its files', () => {
  const vm = {
    ...{ vmKey: 'vc/vm-1', name: 'web-01', path: '/dc/vm/web-01', vcenterName: 'vc' },
    ...{ frozenAt: '2026-11-26T01:02:01.000Z', consistency: 'quiesced' as const },
    datastores: [
      { name: 'ds1', folder: '' },
      { name: 'ds2', folder: 'qtree/ds2' },
      { name: 'ds3', folder: '', vmfsUuid: '65a1-b2' },
    ],
    vmxFile: '[ds1] web-01/web-01.vmx',
    disks: [
      {
        ...{ label: 'Hard disk 1', sizeBytes: 1_073_741_824 },
        files: ['[ds1] web-01/web-01-000001.vmdk', '[ds1] web-01/web-01.vmdk'],
      },
    ],
  };
  expect(
    chainText([{ ...link, vms: [vm] }])
      .split('\n')
      .slice(4),
  ).toEqual([
    '    VM /dc/vm/web-01 of vc: quiesced, as of 2026-11-26 01:02:01Z',
    '      datastore ds1: the volume itself',
    '      datastore ds2: folder qtree/ds2 of the volume',
    '      datastore ds3: VMFS 65a1-b2',
    '      configuration file [ds1] web-01/web-01.vmx',
    '      Hard disk 1 (1.00 GiB) [ds1] web-01/web-01-000001.vmdk on [ds1] web-01/web-01.vmdk',
  ]);
});
