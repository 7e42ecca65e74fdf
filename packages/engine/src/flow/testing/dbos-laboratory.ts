import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@leeward/platform';
import pg from 'pg';
import { EmbeddedPostgres } from '../../database/embedded-postgres.ts';
import { createDbosEngine, type DbosEngineOptions } from '../dbos/dbos-engine.ts';
import type { ContractHarness } from './flow-engine-contract.ts';

/** Faster than in life, so that deaths are noticed within a test. */
const fastTiming = { pollMs: 100, checkMs: 200, beatMs: 200, hungMs: 1_500, confirmMs: 600, stopMs: 2_000 };
const program = fileURLToPath(new URL('./contract-process.ts', import.meta.url));

export const clientOf = (databaseUrl: string): DbosEngineOptions => ({
  databaseUrl,
  executorId: 'client',
  applicationVersion: 'contract',
  listenQueues: [],
  defaultQueue: 'client',
  clock: systemClock,
  timing: fastTiming,
});

/** An embedded PostgreSQL with the tables of the engine, for several tests with a database each. */
export class DbosLaboratory {
  readonly postgres: EmbeddedPostgres;
  readonly #folder: string;

  private constructor(folder: string, postgres: EmbeddedPostgres) {
    this.#folder = folder;
    this.postgres = postgres;
  }

  static async open(): Promise<DbosLaboratory> {
    const folder = await mkdtemp(join(tmpdir(), 'leeward-flow-'));
    const postgres = await EmbeddedPostgres.start({ dataFolder: join(folder, 'data'), clock: systemClock });
    // The tables are made once; each test gets a copy.
    const engine = createDbosEngine(clientOf(postgres.url));
    await engine.launch();
    await engine.shutdown();
    return new DbosLaboratory(folder, postgres);
  }

  async close(): Promise<void> {
    await this.postgres.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** A database of its own; empty without a template. */
  async database(template = 'leeward'): Promise<{ url: string; place: string }> {
    const place = await mkdtemp(join(this.#folder, 'world-'));
    const database = `flows_${Buffer.from(place.slice(-6)).toString('hex')}`;
    const at = (name: string) => this.postgres.url.replace('/leeward?', `/${name}?`);
    const admin = new pg.Client({ connectionString: at('postgres') });
    await admin.connect();
    await admin.query(`create database ${database} template ${template}`);
    await admin.end();
    return { url: at(database), place };
  }

  async harness(options: { template?: string; confirmMs?: number } = {}): Promise<ContractHarness> {
    const { url: databaseUrl, place } = await this.database(options.template);
    const timing = { ...fastTiming, ...(options.confirmMs ? { confirmMs: options.confirmMs } : {}) };
    const engine = createDbosEngine({ ...clientOf(databaseUrl), timing });
    await engine.launch();
    const children = new Set<ChildProcess>();
    const harness: ContractHarness = {
      engine,
      async startProcess(name, queues) {
        const processOptions = JSON.stringify({ databaseUrl, name, queues, folder: place, timing });
        const child = fork(program, [processOptions], {
          execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning', '--no-deprecation'],
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        });
        children.add(child);
        const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
        await new Promise<void>((resolve, reject) => {
          child.once('message', () => resolve());
          child.once('exit', (code) => reject(new Error(`process ${name} ended with ${code}`)));
        });
        const signal = (name: NodeJS.Signals) => child.kill(name);
        return {
          kill: async () => {
            signal('SIGKILL');
            await ended;
          },
          freeze: () => signal('SIGSTOP'),
          thaw: () => signal('SIGCONT'),
          stop: async () => {
            signal('SIGTERM');
            await ended;
          },
        };
      },
      marks: async () =>
        (await readFile(join(place, 'marks'), 'utf8').catch(() => ''))
          .split('\n')
          .filter((line) => line !== ''),
      open: (gate) => writeFile(join(place, `gate-${encodeURIComponent(gate)}`), ''),
      async until(condition) {
        for (let turn = 0; turn < 1_200; turn++) {
          if (await condition()) return;
          await systemClock.sleep(50);
        }
        throw new Error(`it did not come true within a minute; marks: ${(await harness.marks()).join(', ')}`);
      },
      pass: (durationMs) => systemClock.sleep(durationMs),
      async close() {
        for (const child of children) child.kill('SIGKILL');
        await engine.shutdown();
      },
    };
    return harness;
  }
}
