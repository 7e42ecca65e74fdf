import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { plainEnvironment } from './run-program.ts';
import { socketPort } from './socket-folder.ts';

export interface ServerPlace {
  readonly command: readonly string[];
  readonly cluster: string;
  readonly socketFolder: string;
  readonly log: string;
}

/** One life of the PostgreSQL server program. */
export class PostgresServer {
  readonly #child: ChildProcess;
  /** Resolves at the end of the program, with what it ended with. Never rejects. */
  readonly ended: Promise<string>;
  #alive = true;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        this.#alive = false;
        resolve(how);
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ? `ended by ${signal}` : `ended with code ${code}`));
    });
  }

  static async spawn(place: ServerPlace): Promise<PostgresServer> {
    const [file = '', ...args] = [...place.command, ...settings(place)];
    const log = await open(place.log, 'a', 0o600);
    try {
      // Detached: Ctrl-C in a terminal MUST reach the database only after those who use it are done.
      const stdio = ['ignore' as const, log.fd, log.fd];
      return new PostgresServer(spawn(file, args, { stdio, detached: true, env: plainEnvironment() }));
    } finally {
      await log.close();
    }
  }

  get alive(): boolean {
    return this.#alive;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends open sessions and writes everything out ("fast shutdown"). */
  stop(): void {
    if (this.#alive) this.#child.kill('SIGINT');
  }

  /** The last resort: nothing that was committed is lost, but the next start has to recover. */
  kill(): void {
    if (this.#alive) this.#child.kill('SIGQUIT');
  }
}

function settings(place: ServerPlace): string[] {
  const values = {
    listen_addresses: '',
    port: socketPort,
    unix_socket_directories: place.socketFolder,
    unix_socket_permissions: '0700',
    max_connections: 200,
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] ',
  };
  const list = Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', place.cluster, ...list];
}
