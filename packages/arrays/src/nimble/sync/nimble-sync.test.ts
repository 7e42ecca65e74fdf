import { makeNimbleSyncWorld } from '../../../../../tests/interop/nimble-sync-world.ts';
import { describeSyncSnapshots } from '../../testing/contract-sync.ts';

describeSyncSnapshots('NimbleOS 6.1.1', () => makeNimbleSyncWorld());
