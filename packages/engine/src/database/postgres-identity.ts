import { chmod, chown, cp, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type PostgresPrograms, programsIn } from './postgres-programs.ts';
import { runProgram } from './run-program.ts';

/** `nobody` and `nogroup`: a mapped or assumed user MUST be in the user list, or PostgreSQL refuses. */
const nobodyId = 65_534;

/**
 * How PostgreSQL is started. It refuses to run as root; as root it is therefore put into a user namespace that
 * calls root `nobody` (files stay owned by root), and where that is not allowed, started as the real `nobody`.
 */
export interface PostgresIdentity {
  readonly kind: 'ourselves' | 'namespace' | 'nobody';
  readonly programs: PostgresPrograms;
  /** Goes before the program of a command that ends by itself. */
  readonly prefix: readonly string[];
  /** Goes before a server, which then shuts down cleanly when this process dies, however it dies. */
  readonly serverPrefix: readonly string[];
  /** Where the socket's folder has to be, if not in the usual private place. */
  readonly socketBase?: string;
  /** Gives a folder, with what is in it, to the user of PostgreSQL. */
  adopt(folder: string): Promise<void>;
}

export interface IdentityOptions {
  readonly userId: number;
  /** A folder that everybody can enter, for programs and sockets; used only by root without user namespaces. */
  readonly sharedFolder: string;
  /** Answers whether a command runs with exit code 0. */
  readonly works: (command: readonly string[]) => Promise<boolean>;
}

export async function choosePostgresIdentity(
  programs: PostgresPrograms,
  options: IdentityOptions = systemIdentity,
): Promise<PostgresIdentity> {
  const dieWithParent = ['setpriv', '--pdeathsig', 'INT', '--'];
  const canDie = await options.works([...dieWithParent, 'true']);
  const withParent = (prefix: string[]) => (canDie ? [...prefix, ...dieWithParent] : prefix);
  if (options.userId !== 0)
    return { kind: 'ourselves', programs, prefix: [], serverPrefix: withParent([]), adopt: async () => {} };
  const namespace = ['unshare', '--user', `--map-user=${nobodyId}`, `--map-group=${nobodyId}`, '--'];
  if (await options.works([...namespace, 'true']))
    return {
      kind: 'namespace',
      programs,
      prefix: namespace,
      serverPrefix: withParent(namespace),
      adopt: async () => {},
    };
  const nobody = ['setpriv', `--reuid=${nobodyId}`, `--regid=${nobodyId}`, '--clear-groups'];
  return {
    kind: 'nobody',
    programs: await sharedPrograms(programs, join(options.sharedFolder, 'postgresql')),
    prefix: [...nobody, '--'],
    serverPrefix: [...nobody, '--pdeathsig', 'INT', '--'],
    socketBase: join(options.sharedFolder, 'sockets'),
    adopt: (folder) => giveTo(folder, nobodyId),
  };
}

const systemIdentity: IdentityOptions = {
  userId: process.getuid?.() ?? -1,
  sharedFolder: '/var/lib/leeward',
  works: async (command) => (await runProgram(command)).exitCode === 0,
};

/** `nobody` cannot look below /root, where the programs may be installed. */
async function sharedPrograms(programs: PostgresPrograms, folder: string): Promise<PostgresPrograms> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await chmod(folder, 0o755);
  // Over what is there: an upgrade brings newer programs, and a copy may have been cut off.
  await cp(programs.root, folder, { recursive: true, force: true, verbatimSymlinks: true });
  return programsIn(folder);
}

async function giveTo(path: string, id: number): Promise<void> {
  await chown(path, id, id);
  if (!(await stat(path)).isDirectory()) return;
  for (const name of await readdir(path)) await giveTo(join(path, name), id);
}
