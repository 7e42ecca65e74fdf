import { join, resolve } from 'node:path';
import { LeewardError } from '@leeward/core';
import type { LabState } from '@leeward/lab';
import { dataFolder } from '@leeward/server/process/data-folder';
import { Option } from 'commander';

export interface LabFolder {
  readonly folder?: string;
}

/** Where the lab is, on every command about it. */
export function folderOption(): Option {
  return new Option('--folder <folder>', 'folder of the lab (default: `lab` in the data folder)').env(
    'LEEWARD_LAB',
  );
}

export async function labFolder({ folder }: LabFolder): Promise<string> {
  return folder === undefined ? join(await dataFolder(), 'lab') : resolve(folder);
}

/** The lab that runs there. Throws `L-CFG-102`. */
export async function runningLab(options: LabFolder): Promise<LabState> {
  const folder = await labFolder(options);
  const { readLabState } = await import('@leeward/lab');
  const state = await readLabState(folder);
  if (!state) throw new LeewardError('L-CFG-102', { kind: 'lab', name: folder });
  return state;
}
