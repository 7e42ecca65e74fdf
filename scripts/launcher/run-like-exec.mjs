// Runs a child as if it had taken our place: same terminal, signals handed on, same end.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** npm hands a signal on that a terminal already gave to all of us: within this time it is the same one. */
const sameSignalMs = 300;

/** Resolves to { code, signal } of the child. */
export function runLikeExec(command, argv, { cwd, env }) {
  const [program, ...args] = dyingWithUs([command, ...argv]);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
    const lastAtMs = new Map();
    const handOn = (signal) => {
      const nowMs = performance.now();
      const isRepeat = nowMs - (lastAtMs.get(signal) ?? Number.NEGATIVE_INFINITY) < sameSignalMs;
      const isFirst = !lastAtMs.has(signal);
      lastAtMs.set(signal, nowMs);
      // Ctrl-C reaches the child without us; from the second on it does no harm to hand it on too.
      if (isRepeat || (signal === 'SIGINT' && isFirst && ownsTerminal())) return;
      child.kill(signal);
    };
    for (const signal of signals) process.on(signal, handOn);
    const done = () => {
      for (const signal of signals) process.removeListener(signal, handOn);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('close', (code, signal) => {
      done();
      resolve({ code, signal });
    });
  });
}

/** Ends this process with the child's exit code, or by the signal that ended the child. */
export function endLikeChild({ code, signal }) {
  if (signal === null) {
    process.exitCode = code;
    return;
  }
  process.exitCode = 1;
  process.kill(process.pid, signal);
}

/** Where the system can, the child gets SIGTERM when we are killed outright (kill -9), so that nothing is left. */
function dyingWithUs(words) {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
  return process.platform === 'linux' && setpriv ? [setpriv, '--pdeathsig', 'TERM', '--', ...words] : words;
}

/** True when we are in the foreground of a terminal, which then sends Ctrl-C to the child by itself. */
function ownsTerminal() {
  if (process.platform !== 'linux') return process.stdin.isTTY === true;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return group === foreground;
}
