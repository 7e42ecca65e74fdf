import { describe, expect, it } from 'vitest';
import {
  initiatorName,
  startTestTarget,
  type TestTarget,
  type TestTargetOptions,
  targetName,
} from '../testing/test-target.ts';
import { discoverTargets, reportLuns } from './discovery.ts';

const targets: TestTarget[] = [];

async function start(options?: TestTargetOptions): Promise<TestTarget> {
  const target = await startTestTarget(options);
  targets.push(target);
  return target;
}

describe('discovery', () => {
  it('finds the targets, portals and LUNs that this initiator may see, and no others', async () => {
    const target = await start({ portals: 2 });
    const found = await discoverTargets(target.options);
    expect(found).toEqual([
      {
        targetName,
        portals: target.server.ports.map((port, index) => ({ host: '127.0.0.1', port, groupTag: index + 1 })),
      },
    ]);
    target.mapped.map(initiatorName, 300, target.backend);
    expect(await reportLuns(target.options)).toEqual([5, 300]);
    const stranger = { ...target.options, initiatorName: 'iqn.2024-01.org.example:stranger' };
    expect(await discoverTargets(stranger)).toEqual([]);
    await expect(reportLuns(stranger)).rejects.toMatchObject({ code: 'L-BLK-106' });
  });

  it('takes lists that are longer than one PDU', async () => {
    const names = Array.from(
      { length: 900 },
      (_, index) => `iqn.2024-01.org.leeward:${'x'.repeat(60)}${index}`,
    );
    const target = await start({
      target: { targets: () => names.map((name) => ({ name, luns: () => new Map() })) },
    });
    const found = await discoverTargets(target.options);
    expect(found.map((one) => one.targetName)).toEqual(names);
    const many = await start();
    for (let lun = 0; lun < 3000; lun++) many.mapped.map(initiatorName, lun, many.backend);
    expect(await reportLuns(many.options)).toEqual(Array.from({ length: 3000 }, (_, lun) => lun));
  });
});
