import { expect, it } from 'vitest';
import { commonRole, covers, roles } from './role.ts';

it('every role reads, the administrator does everything, and the operators are apart', () => {
  const table = roles.map((had) => roles.map((needed) => covers(had, needed)));
  expect(table).toEqual([
    [true, false, false, false],
    [true, true, false, false],
    [true, false, true, false],
    [true, true, true, true],
  ]);
});

it('what two roles have in common is covered by both, and nothing more is', () => {
  for (const one of roles)
    for (const other of roles) {
      const both = commonRole(one, other);
      for (const needed of roles)
        expect(covers(both, needed)).toBe(covers(one, needed) && covers(other, needed));
    }
});
