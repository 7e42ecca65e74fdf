import { expect, it } from 'vitest';
import { listPath } from './list-options.ts';

it('asks for a list with what is given, of several values each, and for no more than is wanted', () => {
  const filter = { vm: ['web 01', 'web-02'], find: undefined, withinHours: 4 };
  expect(listPath('/topology', filter)).toBe('/topology?vm=web+01&vm=web-02&withinHours=4&limit=500');
  expect(listPath('/vms', {}, 7)).toBe('/vms?limit=7');
});
