// The Node that runs the product: LEEWARD_NODE, else this one when it is new enough, else the one from npm.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FriendlyError } from './friendly-error.mjs';
import { modules } from './place.mjs';

const neededMajor = 24;
const isEnough = (version) => Number(version.split('.')[0]) >= neededMajor;
const pinned = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');

/** True when no Node of this machine will do, so that the install must bring one. */
export function needsPinnedNode() {
  return !process.env.LEEWARD_NODE && !isEnough(process.versions.node);
}

export function hasPinnedNode() {
  return existsSync(pinned);
}

export function productNode() {
  const chosen = process.env.LEEWARD_NODE;
  if (chosen) return verified(chosen);
  if (!needsPinnedNode()) return process.execPath;
  if (hasPinnedNode()) return pinned;
  throw new FriendlyError(
    `Leeward runs on Node ${neededMajor}; npm has none for ${process.platform}-${process.arch}, and this is Node ${process.versions.node}.\n` +
      `Install Node ${neededMajor} or later, or name one by LEEWARD_NODE, then run the same command again.`,
  );
}

function verified(path) {
  let version;
  try {
    version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().replace(/^v/, '');
  } catch (error) {
    throw new FriendlyError(`LEEWARD_NODE names "${path}", which cannot be run: ${error.message}`);
  }
  if (isEnough(version)) return path;
  throw new FriendlyError(
    `LEEWARD_NODE names Node ${version}; Leeward runs on Node ${neededMajor} or later.`,
  );
}
