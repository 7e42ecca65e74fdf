import { readFile, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LeewardError } from '@leeward/core';
import { makeFolders, type Trust, trustSchema, writeFileDurably } from '@leeward/platform';

/** What `leeward login` remembers of a server. */
export interface KeptLogin {
  readonly server: string;
  readonly token: string;
  /** Of a token that `leeward login` made; missing: it was given, and is not ours to delete. */
  readonly tokenId?: string;
  /** Whose it is. */
  readonly name: string;
  readonly expiresAt?: string;
  /** Missing: the usual authorities. */
  readonly trust?: Trust;
}

/** Logins by server: each in a file that only its owner can read, under `~/.config/leeward/servers`. */
export class KeptLogins {
  readonly #folder: string;

  constructor(environment: NodeJS.ProcessEnv = process.env) {
    const config = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config');
    this.#folder = join(config, 'leeward', 'servers');
  }

  /** Where the login of a server is. */
  pathOf(server: string): string {
    return join(this.#folder, `${new URL(server).host.replace(/[^\w.-]/g, '_')}.json`);
  }

  /** Undefined where there is none. Throws `L-AUT-146` for a file that others can read, `L-CFG-103` for a damaged one. */
  async find(server: string): Promise<KeptLogin | undefined> {
    const path = this.pathOf(server);
    try {
      await requirePrivate(path);
      const login = loginOf(JSON.parse(await readFile(path, 'utf8')));
      return login.server === server ? login : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      if (error instanceof LeewardError) throw error;
      const problem = `${path} is damaged; sign in anew with \`leeward login --server ${server}\` after removing it.`;
      throw new LeewardError('L-CFG-103', { problem }, error);
    }
  }

  async keep(login: KeptLogin): Promise<void> {
    await makeFolders(this.#folder, { mode: 0o700 });
    const text = `${JSON.stringify(login, null, 2)}\n`;
    await writeFileDurably(this.pathOf(login.server), text, { mode: 0o600 });
  }

  /** What is gone already is success. */
  async forget(server: string): Promise<void> {
    await rm(this.pathOf(server), { force: true });
  }
}

async function requirePrivate(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new LeewardError('L-AUT-146', { path });
}

/** Throws where it is none. */
function loginOf(value: unknown): KeptLogin {
  const fields = new Map<string, unknown>(Object.entries(Object(value)));
  const text = (name: string): string | undefined => {
    const field = fields.get(name);
    if (field === undefined || typeof field === 'string') return field;
    throw new Error(`${name} is no text`);
  };
  const needed = (name: string): string => {
    const found = text(name);
    if (found === undefined) throw new Error(`${name} is missing`);
    return found;
  };
  const [tokenId, expiresAt] = [text('tokenId'), text('expiresAt')];
  return {
    ...{ server: needed('server'), token: needed('token'), name: needed('name') },
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(fields.has('trust') ? { trust: trustSchema.parse(fields.get('trust')) } : {}),
  };
}
