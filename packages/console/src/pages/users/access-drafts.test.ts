import { expect, it } from 'vitest';
import type { User } from '../../api/access.ts';
import { newToken, tokenBody, tokenCommand } from '../tokens/token-draft.ts';
import { draftOf, newUser, userBody, userCommand } from './user-draft.ts';

const user: User = {
  ...{ id: 'u', name: 'vera', role: 'viewer', disabled: false, createdAt: '' },
  scope: { jobs: ['prod-*'] },
};

it('makes a user, and shows no password in the command', () => {
  const draft = {
    ...newUser,
    name: 'ann',
    role: 'operator',
    password: 'long enough',
    jobs: 'a, prod-*,',
  } as const;
  expect(userBody(draft)).toEqual({
    ...{ name: 'ann', role: 'operator', password: 'long enough', scope: { jobs: ['a', 'prod-*'] } },
  });
  expect(userCommand(draft)).toBe(
    "leeward user create ann --role operator --jobs a 'prod-*' --password-file FILE",
  );
});

it('changes of a user only what is other than before', () => {
  const draft = draftOf(user);
  expect(userBody(draft, user)).toEqual({});
  expect(userCommand(draft, user)).toBe('leeward user edit vera');
  const changed = { ...draft, disabled: true, jobs: '', password: 'new' };
  expect(userBody(changed, user)).toEqual({ scope: null, disabled: true, password: 'new' });
  expect(userCommand(changed, user)).toBe('leeward user edit vera --all-jobs --disable --password-file FILE');
});

it('makes a token with no more than was asked for', () => {
  const draft = { ...newToken('operator'), name: 'ci' };
  expect(tokenBody(draft)).toEqual({ name: 'ci', role: 'operator', readOnly: false, days: 90 });
  expect(tokenCommand({ ...draft, readOnly: true, jobs: 'x' })).toBe(
    'leeward token create ci --role operator --read-only --days 90 --jobs x',
  );
});
