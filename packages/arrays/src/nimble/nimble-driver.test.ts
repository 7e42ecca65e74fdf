import { makeNimbleWorld } from '../../../../tests/interop/nimble-driver-world.ts';
import { describeArrayDriver } from '../testing/array-driver-contract.ts';

describeArrayDriver('NimbleOS 6.1.1', () => makeNimbleWorld(), ['NFS']);
