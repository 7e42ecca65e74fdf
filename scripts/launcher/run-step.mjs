// Runs one set-up step: quiet when it goes well, with its whole output when it does not.
import { spawn } from 'node:child_process';
import { root } from './place.mjs';

/** Resolves to { code, signal, output }; ends the child with us when we are told to end. */
export function runStep(command, args, { lock, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-200_000);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const stop = (signal) => {
      child.kill('SIGTERM');
      child.once('close', () => {
        lock?.release();
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
      });
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.once(signal, stop);
    const done = () => {
      for (const signal of signals) process.removeListener(signal, stop);
    };
    child.once('spawn', () => lock?.include(child.pid));
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('close', (code, signal) => {
      done();
      resolve({ code, signal, output });
    });
  });
}

export async function timed(work) {
  const beganAt = performance.now();
  const result = await work();
  return { result, seconds: ((performance.now() - beganAt) / 1000).toFixed(1) };
}
