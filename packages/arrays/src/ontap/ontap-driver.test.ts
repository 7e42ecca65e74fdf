import { makeOntapWorld } from '../../../../tests/interop/ontap-driver-world.ts';
import { describeArrayDriver } from '../testing/array-driver-contract.ts';

describeArrayDriver('ONTAP 9.16.1', () => makeOntapWorld('9.16.1'));
