// One set-up at a time. The lock file names the processes at work; it is stale once none of them lives.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { FriendlyError } from './friendly-error.mjs';
import { lockFile, stamps } from './place.mjs';

const pollMs = 200;
const longestWaitMs = 30 * 60_000;
let counter = 0;
const ownName = () => `${lockFile}.${process.pid}.${counter++}`;

/** Takes the lock, waiting for another launcher that holds it. `onWait(pid)` is called once when it waits. */
export async function takeSetUpLock(onWait) {
  mkdirSync(stamps, { recursive: true });
  const giveUpAt = performance.now() + longestWaitMs;
  let told = false;
  for (;;) {
    if (tryTake()) return lockOf();
    const holder = readHolder();
    if (!holder) continue;
    if (!holder.processes.some(isAlive)) {
      removeStale(holder.text);
      continue;
    }
    if (!told) onWait(holder.processes[0].pid);
    told = true;
    if (performance.now() > giveUpAt)
      throw new FriendlyError(
        `Another launcher (process ${holder.processes[0].pid}) has been setting up this clone for 30 minutes. End it, then run the same command again.`,
      );
    await sleep(pollMs);
  }
}

function lockOf() {
  return {
    /** Also keeps the lock alive while this child of ours lives, should we be killed before it. */
    include(childPid) {
      const next = ownName();
      writeFileSync(next, describe([process.pid, childPid]));
      renameSync(next, lockFile);
    },
    release() {
      rmSync(lockFile, { force: true });
    },
  };
}

/** Linking a complete file is atomic: nobody ever sees a lock without its content. */
function tryTake() {
  const mine = ownName();
  writeFileSync(mine, describe([process.pid]));
  try {
    linkSync(mine, lockFile);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(mine);
  }
}

/** Of several that see the same stale lock only one removes it, and never a new one taken meanwhile. */
function removeStale(text) {
  const aside = ownName();
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  try {
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, lockFile);
  } finally {
    unlinkSync(aside);
  }
}

function readHolder() {
  try {
    const text = readFileSync(lockFile, 'utf8');
    const processes = text
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([pid, startedAt]) => ({ pid: Number(pid), startedAt }));
    return { text, processes };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function describe(pids) {
  return pids.map((pid) => `${pid} ${startOf(pid)}\n`).join('');
}

function isAlive({ pid, startedAt }) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return startedAt === '-' || startOf(pid) === startedAt;
}

/** When a process began, in clock ticks since boot: tells it from a later one with the same number. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return '-';
  }
}
