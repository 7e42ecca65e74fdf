import { afterAll, beforeAll } from 'vitest';
import { DbosLaboratory } from '../testing/dbos-laboratory.ts';
import { flowEngineContract } from '../testing/flow-engine-contract.ts';

let laboratory: DbosLaboratory;
beforeAll(async () => {
  laboratory = await DbosLaboratory.open();
});
afterAll(() => laboratory.close());

flowEngineContract('the DBOS engine', () => laboratory.harness());
