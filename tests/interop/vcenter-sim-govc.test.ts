import { type SmallLab, startSmallLab } from '@leeward/lab/vcenter/testing/small-lab';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findGovc, govcAgainst, govcVersion } from './vcenter-govc.ts';

const govc = findGovc();
console.log(govc ? `judge: govc ${govcVersion} ran` : 'judge: govc absent, its tests are skipped');

describe.skipIf(!govc)('govc against the simulated vCenter', () => {
  let lab: SmallLab;
  const vm = '/DC1/vm/a/b/Büro [alt] Server 01';
  const pattern = '/DC1/vm/a/b/B*';

  let run: (...args: string[]) => Promise<string>;

  beforeAll(async () => {
    lab = await startSmallLab();
    run = govcAgainst(govc!, lab.simulator.port);
  });
  afterAll(() => lab.close());

  test('about, ls, find', async () => {
    expect(await run('about')).toMatch(/API version:\s+8\.0\.3\.0/);
    expect((await run('ls', '/DC1/vm')).split('\n')).toContain('/DC1/vm/a');
    const machines = (await run('find', '/', '-type', 'm')).trim().split('\n').sort();
    expect(machines).toContain(vm);
    expect(machines.filter((path) => path.endsWith('twin'))).toEqual(['/DC1/vm/a/twin', '/DC1/vm/twin']);
    expect(machines).toContain('/DC1/vm/hidden/a%2fb%25c');
  });

  test('vm.info, host.info, datastore.info', async () => {
    const info = JSON.parse(await run('vm.info', '-json', vm)).virtualMachines[0];
    expect(
      info.config.hardware.device.filter((d: { capacityInBytes?: number }) => d.capacityInBytes),
    ).toHaveLength(2);
    expect(info.config.version).toBe('vmx-19');
    expect(await run('host.info')).toContain('esx1.lab');
    expect(await run('datastore.info', 'ds1')).toContain('svm1.lab:/vol1');
  });

  test('VMware snapshots: create, tree, revert, remove', async () => {
    await run('snapshot.create', '-vm', pattern, '-m=false', 'one');
    await run('snapshot.create', '-vm', pattern, '-m=false', 'two');
    const tree = await run('snapshot.tree', '-vm', pattern);
    expect(
      tree
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    ).toEqual(['one', 'two', '.']);
    await run('snapshot.revert', '-vm', pattern, 'one');
    await run('vm.power', '-on', pattern);
    await run('snapshot.remove', '-vm', pattern, 'two');
    await run('snapshot.remove', '-vm', pattern, '*');
    expect((await run('snapshot.tree', '-vm', pattern)).trim()).toBe('');
  });

  test('datastore.ls and datastore.download', async () => {
    const folder = 'Büro [alt] Server 01';
    const names = (await run('datastore.ls', '-ds', 'ds1', folder)).trim().split('\n');
    expect(names).toEqual(expect.arrayContaining([`${folder}.vmx`, `${folder}.vmdk`, `${folder}-flat.vmdk`]));
    expect(await run('datastore.download', '-ds', 'ds1', `${folder}/${folder}.vmx`, '-')).toContain(
      'scsi0:0.fileName = "Büro [alt] Server 01.vmdk"',
    );
    await expect(
      run('datastore.download', '-ds', 'ds1', `${folder}/${folder}-flat.vmdk`, '-'),
    ).rejects.toThrow();
  });
});
