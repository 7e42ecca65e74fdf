import { makeOntapSyncWorld } from '../../../../../tests/interop/ontap-sync-world.ts';
import { describeSyncSnapshots } from '../../testing/contract-sync.ts';

describeSyncSnapshots('ONTAP 9.16.1', () => makeOntapSyncWorld('9.16.1'));
