import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchFingerprint, HttpsClient } from '@leeward/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExternalPostgres } from './support/external-postgres.ts';
import { ended, leeward, saysSomething, startLeeward } from './support/leeward-process.ts';

/** As docs/several-machines.md says it: one server at a time, and the next one goes on where the first one was. */
describe('two servers on one database', () => {
  let folder: string;
  let postgres: ExternalPostgres;
  const servers: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leeward-two-'));
    postgres = await ExternalPostgres.start();
    await postgres.addOwner('backups', 'of the database');
  });
  afterAll(async () => {
    for (const server of servers.filter(({ exitCode, signalCode }) => exitCode === null && !signalCode)) {
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    }
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const environmentOf = (host: string) => ({
    DATABASE_URL: postgres.url('backups', 'of the database'),
    LEEWARD_DATA: join(folder, host),
    LEEWARD_SECRET_KEY: 'ab'.repeat(32),
  });
  const start = (host: string) => {
    const words = ['server', 'start', '--listen', '127.0.0.1:0', '--json'];
    const server = startLeeward(words, environmentOf(host));
    servers.push(server);
    return server;
  };
  const on = async (host: string, ...words: string[]) => {
    const { code, stdout, stderr } = await leeward([...words, '--json'], environmentOf(host));
    expect([words.join(' '), code, stderr]).toEqual([words.join(' '), 0, '']);
    return JSON.parse(stdout) as { readonly [name: string]: unknown };
  };
  const client = async (host: string) => {
    const { url } = await on(host, 'server', 'status');
    const { origin, hostname, port } = new URL(String(url));
    const sha256 = await fetchFingerprint(hostname, Number(port));
    return new HttpsClient({ origin, trust: { kind: 'fingerprint', sha256 } });
  };

  it('the second is refused while the first lives, and then takes over, with who is signed in', async () => {
    const first = start('one');
    await saysSomething(first);
    const passwordFile = join(folder, 'ann.password');
    await writeFile(passwordFile, 'correct horse battery\n', { mode: 0o600 });
    const ann = ['ann', '--role', 'administrator', '--password-file', passwordFile];
    await on('one', 'user', 'create', ...ann);
    const one = await client('one');
    const signedIn = await one.request({
      ...{ method: 'POST', path: '/api/v1/session', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ username: 'ann', password: 'correct horse battery' }),
    });
    const [cookie = ''] = [signedIn.headers['set-cookie'] ?? []]
      .flat()
      .map((each) => each.split(';')[0] ?? '');
    await signedIn.body.dump();
    await one.close();

    const refused = await ended(start('two'));
    expect([refused.code, refused.stderr]).toEqual([11, expect.stringContaining('L-CFG-208')]);
    await on('one', 'job', 'list');

    const gone = once(first, 'exit');
    first.kill('SIGKILL');
    await gone;
    const second = start('two');
    await saysSomething(second);
    const two = await client('two');
    const session = await two.request({ method: 'GET', path: '/api/v1/session', headers: { cookie } });
    expect([session.statusCode, JSON.parse(await session.body.text())]).toEqual([
      200,
      expect.objectContaining({ user: { name: 'ann', role: 'administrator' } }),
    ]);
    await two.close();
  }, 180_000);
});
