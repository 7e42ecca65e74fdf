import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const main = join(root, 'packages', 'cli', 'src', 'main.ts');
const nodeArguments = ['--conditions=source', '--disable-warning=ExperimentalWarning', main];

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder in which commands are run as a user runs them, with a data folder of its own. */
export class CommandLine {
  readonly folder = mkdtempSync(join(tmpdir(), 'leeward-docs-'));
  readonly dataFolder = join(this.folder, 'leeward-data');
  readonly environment: NodeJS.ProcessEnv;

  constructor() {
    const { DATABASE_URL: _, LEEWARD_LOG: _log, NO_COLOR: _colour, ...inherited } = process.env;
    const programs = join(this.folder, 'bin');
    mkdirSync(programs);
    // In a clone `npx leeward` is the built program; here it is the sources, so that nothing has to be built.
    const script = `#!/bin/sh\nshift\nexec '${process.execPath}' ${nodeArguments.map((each) => `'${each}'`).join(' ')} "$@"\n`;
    writeFileSync(join(programs, 'npx'), script);
    chmodSync(join(programs, 'npx'), 0o755);
    this.environment = {
      ...inherited,
      PATH: `${programs}${delimiter}${inherited['PATH'] ?? ''}`,
      HOME: this.folder,
      LEEWARD_DATA: this.dataFolder,
      LEEWARD_LISTEN: '127.0.0.1:0',
    };
  }

  /** Starts `leeward` with these arguments; its streams are pipes. */
  start(words: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, [...nodeArguments, ...words], {
      cwd: this.folder,
      env: { ...this.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  leeward(...words: readonly string[]): Promise<Ended> {
    return ended(this.start(words));
  }

  /** Runs a script of a POSIX shell, which stops at the first command that fails. */
  sh(script: string): Promise<Ended> {
    const options = { cwd: this.folder, env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] as const };
    return ended(spawn('sh', ['-eu', '-c', script], { ...options, stdio: [...options.stdio] }));
  }

  /** Ends what may still run and removes the folder. */
  async close(): Promise<void> {
    await this.leeward('server', 'stop');
    await this.leeward('lab', 'down');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a process wrote and how it ended. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // A server in the background keeps the pipes of a script open, so its own end counts.
    child.once('exit', (code) => setTimeout(() => resolve({ code, stdout, stderr }), 50));
  });
}
