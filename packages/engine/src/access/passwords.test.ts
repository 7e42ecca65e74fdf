import { expect, it } from 'vitest';
import { Passwords, requireGoodPassword } from './passwords.ts';

const passwords = new Passwords();

it('keeps argon2id hashes with a salt each, and knows the right password', async () => {
  const one = await passwords.hash('correct horse battery');
  const other = await passwords.hash('correct horse battery');
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(other).not.toBe(one);
  expect(await passwords.verify(one, 'correct horse battery')).toBe(true);
  expect(await passwords.verify(one, 'correct horse batterY')).toBe(false);
});

it('says no for nobody, whatever is tried', async () => {
  expect(await passwords.verify(undefined, 'the password of nobody')).toBe(false);
});

it('refuses what would have to wait behind too many others, and takes more when they are done', async () => {
  const hash = await passwords.hash('correct horse battery');
  const all = await Promise.allSettled(Array.from({ length: 40 }, () => passwords.verify(hash, 'x')));
  const refused = all.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBe(40 - 2 - 32);
  expect(refused[0]).toMatchObject({ reason: { code: 'L-AUT-104' } });
  expect(await passwords.verify(hash, 'correct horse battery')).toBe(true);
});

it.each([
  ['ann', 'eleven char', false],
  ['ann', 'twelve chars', true],
  ['ann', 'ÄÖÜäöüßÄÖÜä', false],
  ['ann', '🔒🔒🔒🔒🔒🔒', false],
  ['administrator', 'Administrator', false],
  ['ann', 'x'.repeat(1_025), false],
])('of user %s takes %j: %s', (name, password, good) => {
  const check = () => requireGoodPassword(name, password);
  if (good) expect(check).not.toThrow();
  else expect(check).toThrow(/L-AUT-107/);
});
