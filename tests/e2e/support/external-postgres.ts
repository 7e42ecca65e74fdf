import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKysely } from '@leeward/engine/database/kysely';
import { choosePostgresIdentity, type PostgresIdentity } from '@leeward/engine/database/postgres-identity';
import { findPostgresPrograms } from '@leeward/engine/database/postgres-programs';
import { plainEnvironment, runProgram } from '@leeward/engine/database/run-program';
import { sql } from 'kysely';
import { freePort } from '../../free-port.ts';
import { until } from './until.ts';

const administrator = { user: 'postgres', password: 'of the administrator' };

/** A PostgreSQL as an administrator runs it: on TCP, with passwords, and a database that an account of ours owns. */
export class ExternalPostgres {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(folder: string, port: number, child: ChildProcess) {
    this.#folder = folder;
    this.port = port;
    this.#child = child;
  }

  static async start(): Promise<ExternalPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'leeward-pg-'));
    const identity = await choosePostgresIdentity(await findPostgresPrograms());
    const cluster = await makeCluster(folder, identity);
    const port = await freePort();
    const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: '', fsync: 'off' };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const [file = '', ...args] = [
      ...identity.serverPrefix,
      identity.programs.postgres,
      '-D',
      cluster,
      ...options,
    ];
    const child = spawn(file, args, { stdio: 'ignore', env: plainEnvironment() });
    const server = new ExternalPostgres(folder, port, child);
    await until('PostgreSQL to answer', () => server.query('select 1').catch(() => undefined));
    return server;
  }

  /** Makes an account that owns a database of the same name, and nothing else. */
  async addOwner(name: string, password: string): Promise<void> {
    await this.query(`create role ${name} login password '${password.replaceAll("'", "''")}'`);
    await this.query(`create database ${name} owner ${name}`);
  }

  url(name: string, password: string): string {
    return `postgres://${name}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${name}`;
  }

  async query(text: string, database = 'postgres'): Promise<unknown[]> {
    const { user, password } = administrator;
    const address = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${database}`;
    const db = createKysely<unknown>(address, { name: 'administrator', maxConnections: 1 });
    try {
      return (await sql.raw(text).execute(db)).rows;
    } finally {
      await db.destroy();
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGINT');
    await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function makeCluster(folder: string, { prefix, programs, adopt }: PostgresIdentity): Promise<string> {
  await chmod(folder, 0o755);
  const cluster = join(folder, 'cluster');
  const passwordFile = join(folder, 'password');
  await mkdir(cluster, { mode: 0o700 });
  await writeFile(passwordFile, `${administrator.password}\n`, { mode: 0o600 });
  await adopt(cluster);
  await adopt(passwordFile);
  const options = [`--username=${administrator.user}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const { exitCode, output } = await runProgram([
    ...prefix,
    programs.initdb,
    `--pgdata=${cluster}`,
    ...options,
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]);
  if (exitCode !== 0) throw new Error(`initdb ended with ${exitCode}: ${output}`);
  return cluster;
}
