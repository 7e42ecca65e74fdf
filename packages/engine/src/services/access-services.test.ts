import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, systemClock, systemRandomness } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localIdentity } from '../access/identity.ts';
import { Passwords } from '../access/passwords.ts';
import { openStore } from '../application/open-store.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import { SessionService } from './session-service.ts';
import { SetupService } from './setup-service.ts';
import { TokenService } from './token-service.ts';
import { UserService } from './user-service.ts';

const password = 'correct horse battery';
const minuteMs = 60_000;
const clock = new ManualClock();
const randomness = systemRandomness;

let folder = '';
let database: Database;
let opened: Awaited<ReturnType<typeof openStore>>;
let users: UserService;
let sessions: SessionService;
let tokens: TokenService;
let setup: SetupService;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-access-'));
  database = await openDatabase({ dataFolder: folder, clock: systemClock });
  opened = await openStore({ dataFolder: folder, clock, url: database.url, randomness });
  const deps = { store: opened.store, clock, randomness };
  const passwords = new Passwords();
  users = new UserService(deps, passwords);
  sessions = new SessionService(deps, passwords);
  tokens = new TokenService(deps);
  setup = new SetupService(deps, users, sessions);
});
afterAll(async () => {
  await opened?.db.destroy();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Everything that the tables of access hold, as text. */
async function stored(): Promise<string> {
  const tables = ['app_user', 'session', 'api_token'] as const;
  const rows = await Promise.all(tables.map((table) => opened.db.selectFrom(table).selectAll().execute()));
  return JSON.stringify(rows);
}

describe('the first start', () => {
  it('makes one administrator, by the right secret, in time, and once', async () => {
    const secret = await setup.begin();
    const finish = (given: string, username = 'root') =>
      setup.finish({ secret: given, username, password }, '10.0.0.1');
    await expect(finish(`${secret}x`)).rejects.toThrow(/L-AUT-108/);
    await expect(
      setup.finish({ secret: secret ?? '', username: 'root', password: 'short' }, '10.0.0.1'),
    ).rejects.toThrow(/L-AUT-107/);
    const both = await Promise.allSettled([finish(secret ?? '', 'root'), finish(secret ?? '', 'other')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [administrator, ...others] = await users.list();
    expect([administrator?.role, others]).toEqual(['administrator', []]);
    await expect(finish(secret ?? '', 'third')).rejects.toThrow(/L-AUT-108/);
    expect(await setup.begin()).toBeUndefined();
    await users.create({ name: 'root2', role: 'administrator', password });
    await users.remove(administrator?.id ?? '');
  });

  it('is over half an hour after the start', async () => {
    const [last] = await users.list();
    await opened.db.deleteFrom('app_user').execute();
    const secret = (await setup.begin()) ?? '';
    await clock.advance(30 * minuteMs);
    const late = setup.finish({ secret, username: 'late', password }, '10.0.0.9');
    await expect(late).rejects.toThrow(/L-AUT-108/);
    expect(last?.name).toBe('root2');
  });
});

describe('users', () => {
  it('have names that differ by more than case, and passwords that are hashed', async () => {
    await users.create({ name: 'Ann', role: 'administrator', password });
    await expect(users.create({ name: 'ann', role: 'viewer', password })).rejects.toThrow(/L-CFG-101/);
    await expect(users.create({ name: 'bob', role: 'viewer', password: 'bob' })).rejects.toThrow(/L-AUT-107/);
    expect(await stored()).not.toContain(password);
  });

  it('keep one administrator who can sign in, whoever asks at the same moment', async () => {
    for (const changes of [{ role: 'viewer' }, { disabled: true }] as const)
      await expect(users.edit('Ann', changes)).rejects.toThrow(/L-AUT-106/);
    await expect(users.remove('Ann')).rejects.toThrow(/L-AUT-106/);
    await users.create({ name: 'ben', role: 'administrator', password });
    const both = await Promise.allSettled([
      users.edit('Ann', { role: 'viewer' }),
      users.edit('ben', { disabled: true }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await opened.db.updateTable('app_user').set({ role: 'administrator', disabled: false }).execute();
  });
});

describe('sessions', () => {
  it('are opened by the right password only, by name in any case, and are kept as hashes', async () => {
    const session = await sessions.signIn({ username: 'ANN', password }, '10.0.0.2');
    expect(session).toMatchObject({ user: { name: 'Ann', role: 'administrator' } });
    for (const text of [session.secret, session.csrfToken]) expect(await stored()).not.toContain(text);
    for (const wrong of [
      { username: 'Ann', password: `${password} ` },
      { username: 'nobody', password },
    ])
      await expect(sessions.signIn(wrong, '10.0.0.2')).rejects.toThrow(/L-AUT-103/);
    expect((await users.find('Ann')).signedInAt).toBe(new Date(clock.now()).toISOString());
  });

  it('end when they are not used for half an hour, and after twelve hours of use', async () => {
    const { secret } = await sessions.signIn({ username: 'Ann', password }, '10.0.0.2');
    const { secret: idle } = await sessions.signIn({ username: 'Ann', password }, '10.0.0.2');
    let minutes = 0;
    for (; await sessions.use(secret); minutes += 29) await clock.advance(29 * minuteMs);
    expect(minutes).toBe(Math.ceil((12 * 60) / 29) * 29);
    expect(await sessions.use(idle)).toBeUndefined();
    expect(await sessions.use('another')).toBeUndefined();
  });

  it('end with a new password, when the user is disabled or removed, and on signing out', async () => {
    await users.create({ name: 'eve', role: 'operator', password });
    const signIn = async (secretPassword = password) =>
      (await sessions.signIn({ username: 'eve', password: secretPassword }, '10.0.0.3')).secret;
    const isOpen = async (secret: string) => (await sessions.use(secret)) !== undefined;

    const first = await signIn();
    expect(await isOpen(first)).toBe(true);
    const caller = { ...localIdentity, kind: 'user', name: 'eve' } as const;
    const change = (old: string, newPassword: string) =>
      sessions.changePassword(caller, { password: old, newPassword }, '10.0.0.3');
    await expect(change('wrong', 'another horse battery')).rejects.toThrow(/L-AUT-103/);
    await expect(change(password, 'short')).rejects.toThrow(/L-AUT-107/);
    expect(await isOpen(first)).toBe(true);
    await change(password, 'another horse battery');
    expect(await isOpen(first)).toBe(false);

    const second = await signIn('another horse battery');
    await users.edit('eve', { password });
    expect(await isOpen(second)).toBe(false);

    const third = await signIn();
    const fourth = await signIn();
    await sessions.end(third);
    expect([await isOpen(third), await isOpen(fourth)]).toEqual([false, true]);
    await users.edit('eve', { disabled: true });
    await expect(signIn()).rejects.toThrow(/L-AUT-103/);
    await users.edit('eve', { disabled: false });
    expect(await isOpen(fourth)).toBe(false);

    const fifth = await signIn();
    await users.edit('eve', { role: 'viewer' });
    expect((await sessions.use(fifth))?.identity.role).toBe('viewer');
    await users.remove('eve');
    expect(await isOpen(fifth)).toBe(false);
  });

  it('are not opened by guessing on and on', async () => {
    const guess = () => sessions.signIn({ username: 'Ann', password: 'guess' }, '10.0.0.4');
    for (let time = 0; time < 5; time++) await expect(guess()).rejects.toThrow(/L-AUT-103/);
    await expect(guess()).rejects.toThrow(/L-AUT-104/);
    await expect(sessions.signIn({ username: 'Ann', password }, '10.0.0.5')).rejects.toThrow(/L-AUT-104/);
    await clock.advance(minuteMs);
    await sessions.signIn({ username: 'Ann', password }, '10.0.0.5');
  });
});

describe('tokens', () => {
  it('can do no more than who made them, then and later, and are kept as hashes', async () => {
    const operator = await users.create({ name: 'olga', role: 'operator', password });
    const caller = {
      kind: 'user',
      name: 'olga',
      role: 'operator',
      readOnly: false,
      userId: operator.id,
    } as const;
    for (const role of ['administrator', 'restore-operator'] as const)
      await expect(tokens.create(caller, { name: 'x', role })).rejects.toThrow(/L-AUT-109/);
    const made = await tokens.create(caller, { name: 'ci', readOnly: true });
    expect(made).toMatchObject({ role: 'operator', readOnly: true, owner: { name: 'olga' } });
    expect(made.token).toMatch(/^lw_[\w-]{43}$/);
    expect(await stored()).not.toContain(made.token);
    await expect(tokens.create(localIdentity, { name: 'ci' })).rejects.toThrow(/L-CFG-101/);

    const use = () => tokens.use(made.token);
    expect(await use()).toMatchObject({ ...caller, kind: 'token', name: 'ci', readOnly: true });
    await users.edit('olga', { role: 'restore-operator' });
    expect((await use())?.role).toBe('viewer');
    await users.edit('olga', { role: 'administrator' });
    expect((await use())?.role).toBe('operator');
    await users.edit('olga', { disabled: true });
    expect(await use()).toBeUndefined();
    await users.edit('olga', { disabled: false });
    expect(await use()).toBeDefined();
    await users.remove('olga');
    expect(await use()).toBeUndefined();
  });

  it('expire, can be removed, and are seen by their owner and by administrators', async () => {
    const viewer = await users.create({ name: 'vera', role: 'viewer', password });
    const caller = {
      kind: 'user',
      name: 'vera',
      role: 'viewer',
      readOnly: false,
      userId: viewer.id,
    } as const;
    const own = await tokens.create(caller, { name: 'own', days: 1 });
    const local = await tokens.create(localIdentity, { name: 'local one' });
    expect((await tokens.list(caller)).map(({ name }) => name)).toEqual(['own']);
    expect((await tokens.list(localIdentity)).map(({ name }) => name)).toEqual(['local one', 'own']);
    await expect(tokens.remove(caller, local.id)).rejects.toThrow(/L-CFG-102/);
    await tokens.use(own.token);
    expect((await tokens.find(caller, 'own')).usedAt).toBe(new Date(clock.now()).toISOString());
    await clock.advance(24 * 60 * minuteMs);
    expect(await tokens.use(own.token)).toBeUndefined();
    expect(await tokens.use(local.token)).toMatchObject({ role: 'administrator', kind: 'token' });
    await tokens.remove(localIdentity, 'local one');
    expect(await tokens.use(local.token)).toBeUndefined();
    expect(await tokens.use(own.token.slice(3))).toBeUndefined();
  });

  it('that nobody owns see and remove themselves only', async () => {
    const [one, other] = [
      await tokens.create(localIdentity, { name: 'free-1', role: 'viewer' }),
      await tokens.create(localIdentity, { name: 'free-2', role: 'operator' }),
    ];
    const caller = (await tokens.use(one.token)) ?? localIdentity;
    expect((await tokens.list(caller)).map(({ name }) => name)).toEqual(['free-1']);
    await expect(tokens.remove(caller, 'free-2')).rejects.toThrow(/L-CFG-102/);
    await tokens.remove(caller, 'free-1');
    expect(await tokens.use(one.token)).toBeUndefined();
    await tokens.remove(localIdentity, other.id);
  });

  it('that a token makes end with it at the latest', async () => {
    const leaked = await tokens.create(localIdentity, { name: 'leaked', role: 'viewer', days: 2 });
    const caller = (await tokens.use(leaked.token)) ?? localIdentity;
    const made = await tokens.create(caller, { name: 'made by it', days: 3_650 });
    expect(made.expiresAt).toBe(leaked.expiresAt);
    expect((await tokens.create(caller, { name: 'shorter', days: 1 })).expiresAt < leaked.expiresAt).toBe(
      true,
    );
    for (const name of ['leaked', 'made by it', 'shorter']) await tokens.remove(localIdentity, name);
  });
});

it('names of any letters sign in, whatever the database makes of them', async () => {
  for (const name of ['Änne', 'İpek', 'ΟΔΥΣΣΕΥΣ']) {
    await users.create({ name, role: 'viewer', password });
    expect((await sessions.signIn({ username: name, password }, '10.9.0.1')).user.name).toBe(name);
    await expect(users.create({ name, role: 'viewer', password })).rejects.toThrow(/L-CFG-101/);
    await users.remove(name);
  }
});

describe('limits to jobs', () => {
  const scope = (...jobs: string[]) => ({ jobs });

  it('hold for sessions and tokens at the moment of use, and all of them together', async () => {
    await users.create({ name: 'tina', role: 'restore-operator', scope: scope('a-*'), password });
    const { identity } = await sessions.signIn({ username: 'tina', password }, '10.1.0.1');
    expect(identity).toMatchObject({ role: 'restore-operator', scopes: [scope('a-*')] });
    const { token } = await tokens.create(identity, { name: 'tina-1', scope: scope('*-web') });
    const used = await tokens.use(token);
    expect(used?.scopes).toEqual([scope('*-web'), scope('a-*')]);
    // A token of a token is not beyond it, also when the user is not limited any more.
    const second = await tokens.create(used ?? localIdentity, { name: 'tina-2' });
    await users.edit('tina', { scope: null });
    expect((await tokens.use(second.token))?.scopes).toEqual([scope('*-web'), scope('a-*')]);
    expect((await tokens.use(token))?.scopes).toEqual([scope('*-web')]);
    expect((await tokens.list(localIdentity)).find(({ name }) => name === 'tina-1')).toMatchObject({
      scopes: [scope('*-web')],
    });
    await users.edit('tina', { scope: scope('b') });
    expect(await users.find('tina')).toMatchObject({ scope: scope('b') });
    const { secret } = await sessions.signIn({ username: 'tina', password }, '10.1.0.1');
    expect((await sessions.use(secret))?.user).toMatchObject({ scopes: [scope('b')] });
    await users.remove('tina');
  });

  it('are nothing for administrators', async () => {
    const limited = { name: 'tom', role: 'administrator', scope: scope('a'), password } as const;
    await expect(users.create(limited)).rejects.toThrow(/L-AUT-112/);
    await users.create({ ...limited, role: 'operator' });
    await expect(users.edit('tom', { role: 'administrator' })).rejects.toThrow(/L-AUT-112/);
    await users.edit('tom', { role: 'administrator', scope: null });
    await expect(users.edit('tom', { scope: scope('a') })).rejects.toThrow(/L-AUT-112/);
    const wide = tokens.create(localIdentity, { name: 'tom-1', scope: scope('a') });
    await expect(wide).rejects.toThrow(/L-AUT-112/);
    await users.edit('tom', { role: 'viewer' });
    await users.remove('tom');
  });
});
