import { makeOntapWorld } from '../../../../../tests/interop/ontap-driver-world.ts';
import { ownershipComment } from '../../contract/ownership.ts';
import { describeLocks } from '../../testing/contract-locks.ts';

const name = 'leeward_contract_locked';

describeLocks('ONTAP 9.16.1', 'volume', async () => {
  const world = await makeOntapWorld('9.16.1');
  const own = await world.volume('primary', 'sep_a');
  const vault = world.relations.find(({ policy }) => policy === 'vault');
  if (!vault) throw new Error('the world has no vault relation');
  const enable = (side: 'primary' | 'secondary', objectId: string) =>
    world.admin(side, 'PATCH', `/storage/volumes/${objectId}?return_timeout=15`, {
      snapshot_locking_enabled: true,
    });
  for (const simulator of Object.values(world.simulators))
    await simulator.apply({ addLicenses: ['snaplock'] });
  await enable('primary', own.objectId);
  await enable('secondary', vault.secondaryVolume.objectId);
  const comment = ownershipComment('contract', 'run-locks');
  const driver = world.connect('primary');
  await driver.createStorageSnapshots({ name, volumes: [own, vault.primaryVolume], comment });
  const request = { relation: vault.relation, storageSnapshotName: name };
  const secondary = world.connect('secondary');
  const transfer = await secondary.startTransfer(request);
  while ((await secondary.transferProgress(transfer)).state !== 'done') await world.clock.sleep(20);
  await world.releaseBase(vault);
  return {
    ...world,
    own,
    lockable: [
      { side: 'primary', volume: own, name },
      { side: 'secondary', volume: vault.secondaryVolume, name },
    ],
    unlockable: {
      volume: await world.volume('primary', 'sep_b'),
      why: /snapshot locking is not enabled .* -volume sep_b /,
    },
    async pass(jumpMs) {
      for (const simulator of Object.values(world.simulators)) await simulator.apply({ jumpMs });
    },
  };
});
