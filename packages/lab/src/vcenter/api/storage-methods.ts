import { adapterDevice } from '../inventory/iscsi-adapter.ts';
import { VimFault } from '../soap/fault.ts';
import { type Call, type Methods, text } from './call.ts';

/** HostStorageSystem. A rescan passes over arrays that are away, as hosts do: their LUNs just do not appear. */
export const storageMethods: Methods = {
  RescanAllHba: rescan,
  RescanHba: (call) => {
    const device = text(call.args['hbaDevice']);
    if (device !== adapterDevice) throw new VimFault('NotFound', {}, `The adapter ${device} was not found.`);
    return rescan(call);
  },
  /** Volumes are known as soon as they are made. */
  RescanVmfs: () => undefined,
  RefreshStorageSystem: () => undefined,
};

async function rescan({ world, target }: Call): Promise<undefined> {
  await world.storageOf(target)?.rescan();
  world.changes.notify();
}
