// Install when package-lock.json changed, build when sources changed; nothing when neither did.
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isConsoleSettled, stampConsole } from './console-build.mjs';
import { adviceFor, FriendlyError } from './friendly-error.mjs';
import { isInstalled, stampInstalled } from './installed-packages.mjs';
import { builtStamp, consoleFolder, modules, root, stamps } from './place.mjs';
import { hasPinnedNode, needsPinnedNode, productNode } from './product-node.mjs';
import { runStep, timed } from './run-step.mjs';
import { takeSetUpLock } from './set-up-lock.mjs';
import { sourceHash, workspacePackages } from './source-hash.mjs';

const say = (line) => process.stderr.write(`leeward: ${line}\n`);

const needsInstall = () => !isInstalled() || (needsPinnedNode() && !hasPinnedNode());

/** Says one line per step that was needed, on stderr; throws a FriendlyError when one fails. */
export async function setUp({ needsConsole = false } = {}) {
  const isConsoleDone = () => isConsoleSettled({ retry: needsConsole });
  if (!needsInstall() && isBuilt(sourceHash()) && isConsoleDone()) return;
  const lock = await takeSetUpLock((pid) => say(`waiting for another launcher (process ${pid}) to set up`));
  try {
    if (needsInstall()) await install(lock);
    const hash = sourceHash();
    if (!isBuilt(hash)) await build(lock, hash);
    if (!isConsoleDone()) await buildConsole(lock);
  } finally {
    lock.release();
  }
}

/** What the installed packages take; npm does not end well, nor soon, when the disk fills up under it. */
const installedBytes = 900 * 2 ** 20;

async function install(lock) {
  refuseFullDisk();
  say('installing packages (npm ci), which takes a minute or two');
  const { command, args } = npm();
  const flags = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { result, seconds } = await timed(() => step(command, [...args, ...flags], lock, 'npm'));
  if (result.code !== 0) {
    const code = /npm (?:error|ERR!) code (\S+)/.exec(result.output)?.[1];
    throw failure(`npm ci failed after ${seconds} s`, result.output, adviceFor(code));
  }
  const missing = stampInstalled();
  if (missing.length > 0)
    throw new FriendlyError(
      `npm ci ended well but left out packages that this machine needs: ${missing.slice(0, 5).join(', ')}.\n` +
        'Run the same command again (npm skips what it could not fetch); if it stays, look for "omit" in `npm config list`.',
    );
  say(`packages installed in ${seconds} s`);
}

async function build(lock, hash) {
  const tsc = join(modules, 'typescript', 'bin', 'tsc');
  const { result, seconds } = await timed(() => step(productNode(), [tsc, '-b'], lock, 'Node'));
  if (result.code !== 0) throw failure(`the build failed after ${seconds} s`, result.output);
  mkdirSync(stamps, { recursive: true });
  writeFileSync(builtStamp, hash);
  say(`built in ${seconds} s`);
}

/** A console that cannot be built does not keep the server from running; that it is not there is said. */
async function buildConsole(lock) {
  const vite = join(modules, 'vite', 'bin', 'vite.js');
  const argv = [vite, 'build', '--logLevel', 'warn', consoleFolder];
  const { result, seconds } = await timed(() => step(productNode(), argv, lock, 'Node'));
  stampConsole(result.code === 0 ? 'built' : 'failed');
  if (result.code === 0) {
    say(`console built in ${seconds} s`);
    return;
  }
  say(`the web console could not be built (${seconds} s). Everything else works without it; the reason:`);
  process.stderr.write(`${result.output.trim()}\n`);
}

/** Old packages count as free: `npm ci` removes them first. File systems that tell no size are not judged. */
function refuseFullDisk() {
  const { blocks, bavail, bsize } = statfsSync(root);
  if (blocks === 0 || bavail * bsize >= installedBytes || existsSync(modules)) return;
  throw new FriendlyError(
    `Only ${Math.floor((bavail * bsize) / 2 ** 20)} MB are free in ${root}; the set-up needs about 1.5 GB there and in the npm cache. Free some, then run the same command again.`,
  );
}

async function step(command, args, lock, what) {
  try {
    return await runStep(command, args, { lock });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new FriendlyError(
      `${what} ("${command}") was not found. Install it, then run the same command again.`,
    );
  }
}

function failure(headline, output, advice) {
  const shown = output.trim();
  const { blocks, bavail, bsize } = statfsSync(root);
  const isFull =
    /\bENOSPC\b|no space left on device/i.test(shown) || (blocks > 0 && bavail * bsize < 2 ** 20);
  const help = isFull ? adviceFor('ENOSPC') : advice;
  return new FriendlyError([`leeward: ${headline}.`, shown, ...(help ? ['', help] : [])].join('\n'));
}

function isBuilt(hash) {
  if (!existsSync(builtStamp) || readFileSync(builtStamp, 'utf8').trim() !== hash) return false;
  return workspacePackages().every(
    (folder) => !existsSync(join(folder, 'src', 'index.ts')) || existsSync(join(folder, 'dist', 'index.js')),
  );
}

/** The npm that started us, else the one on the path. */
function npm() {
  const running = process.env.npm_execpath;
  const isNpm = running && /^np[mx]-cli\.(c|m)?js$/.test(basename(running));
  if (!isNpm) return { command: 'npm', args: [] };
  return { command: process.execPath, args: [running.replace(/npx-cli(\.[cm]?js)$/, 'npm-cli$1')] };
}
