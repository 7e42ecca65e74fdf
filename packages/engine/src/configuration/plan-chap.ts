import type { SecretFrom, SystemEntry } from './document.ts';

type Chap = NonNullable<SystemEntry['chap']>;
type Secret = { readonly field: string; readonly from: SecretFrom };

export function isChap(chap: unknown): chap is Chap {
  return typeof chap === 'object' && chap !== null;
}

/** The names that a document gives, and where their passwords are taken from. */
export function chapPlaces({ username, passwordFrom, mutual }: Chap): {
  readonly chap: object;
  readonly secrets: readonly Secret[];
} {
  const secrets: Secret[] = [];
  if (passwordFrom) secrets.push({ field: 'chap.password', from: passwordFrom });
  if (mutual?.passwordFrom) secrets.push({ field: 'chap.mutual.password', from: mutual.passwordFrom });
  return { chap: { username, ...(mutual ? { mutual: { username: mutual.username } } : {}) }, secrets };
}

/** Fields of an entry whose passwords are needed where it is new, and have no place. */
export function withoutPlace(chap: unknown, secrets: readonly Secret[]): readonly string[] {
  if (!isChap(chap)) return [];
  const has = (wanted: string) => secrets.some(({ field }) => field === wanted);
  return [
    ...(has('chap.password') ? [] : ['chap']),
    ...(chap.mutual && !has('chap.mutual.password') ? ['chap.mutual'] : []),
  ];
}

/** A document says all of CHAP: what it does not name is taken away, where an edit by itself would leave it. */
export function wholeChap(chap: unknown): unknown {
  return isChap(chap) ? { ...chap, mutual: chap.mutual ?? null } : chap;
}
