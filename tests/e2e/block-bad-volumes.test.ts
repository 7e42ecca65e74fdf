import type { VcenterConfigInput } from '@leeward/lab/vcenter/config';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { doorTo, startBlockSite } from './support/block-site.ts';
import { editFile, truncateFile } from './support/datastore-text.ts';
import { FailingRuns } from './support/failing-runs.ts';
import { setVmfsVersion } from './support/host-luns.ts';
import { lookAround } from './support/leftovers.ts';
import { beforeProxyReads, shownLun } from './support/shown-luns.ts';
import type { Site } from './support/site.ts';

const mebibyte = 1024 * 1024;
const onVmfs = ['chain-vmfs6', 'two-extents'] as const;
const onNfs = ['chain-nfs', 'two-extents'] as const;

describe('what a run gets from volumes and disks that are damaged or not what they should be', () => {
  let site: Site;
  let runs: FailingRuns;
  let config: VcenterConfigInput;

  beforeAll(async () => {
    site = await startBlockSite({
      size: 0.05,
      scenario: 'spread',
      vcenter: (planned) => {
        const wanted = [...onVmfs, ...onNfs] as readonly string[];
        config = { ...planned, vms: planned.vms.filter(({ name }) => wanted.includes(name)) };
        return config;
      },
    });
    await site.register();
    runs = new FailingRuns(site, await lookAround(site));
  }, 180_000);
  afterAll(() => site?.stop());

  /** What the secondary shows is overwritten before the proxy comes; the replica itself stays good. */
  const damaged = (offsetBytes: number, lengthBytes: number) => () =>
    beforeProxyReads(site, async () => {
      const lun = await shownLun(site, 'ontap-b');
      const fill = { action: 'fill', ...lun, seed: 5, offsetBytes, lengthBytes };
      await doorTo(site, 'ontap-b').post('/actions', fill);
    });

  it.each([
    ['volume manager', 1, 2, /^L-FMT-40[15]$/],
    ['file descriptors', 18, 160, /^L-FMT-4\d\d$/],
  ] as const)(
    'VMFS damaged on the secondary: %s',
    async (_part, from, length, code) => {
      const damage = damaged(from * mebibyte, length * mebibyte);
      expect(await runs.failsAlone(onVmfs, damage)).toMatch(code);
      expect(await runs.readsPrimary(onVmfs, damage)).toMatch(/VMFS|volume/);
      expect(await runs.readsStandard(onVmfs, damage)).toMatch(/VMFS|volume/);
    },
    180_000,
  );

  const first = 'chain-nfs/chain-nfs-000001.vmdk';

  it('VMFS of a version that is not known, and a descriptor of one', async () => {
    onTestFinished(await setVmfsVersion(config, 'vm_ds2', 47));
    onTestFinished(await editFile(site, first, (text) => text.replace(/^version=.*$/m, 'version=9')));
    const [[onLun, good], [onExport]] = [onVmfs, onNfs];
    expect(await runs.allFailBut([onLun, onExport], good)).toEqual({
      [onLun]: 'L-FMT-402',
      [onExport]: 'L-FMT-218',
    });
  }, 120_000);

  const parentHint = (name: string) => (text: string) =>
    text.replace(/^parentFileNameHint=.*$/m, `parentFileNameHint="${name}"`);

  it.each([
    ['missing', parentHint('gone.vmdk'), 'L-FMT-211'],
    ['on a datastore that is not read', parentHint('/vmfs/volumes/other/x/x.vmdk'), 'L-FMT-212'],
    ['foreign', (text: string) => text.replace(/^parentCID=.*$/m, 'parentCID=1234abcd'), 'L-FMT-213'],
    [
      'of a kind that is not known',
      (text: string) => text.replace(/^createType=.*$/m, 'createType="vmfsNext"'),
      'L-FMT-205',
    ],
    ['itself in the end', parentHint('chain-nfs-000002.vmdk'), 'L-FMT-214'],
  ] as const)(
    'chain with a parent that is %s',
    async (_what, edit, code) => {
      onTestFinished(await editFile(site, first, edit));
      expect(await runs.failsAlone(onNfs)).toBe(code);
    },
    120_000,
  );

  it('disk longer than its extents', async () => {
    await truncateFile(site, 'chain-nfs/chain-nfs-flat.vmdk', mebibyte);
    expect(await runs.failsAlone(onNfs)).toBe('L-FMT-209');
  }, 120_000);
});
