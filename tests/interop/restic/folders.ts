import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskContent } from '@leeward/repository/testing/disk-content';

/** A folder with what file systems can hold: odd names, links, empty and large files, holes of zeros. */
export function oddFolder(path: string): void {
  mkdirSync(join(path, 'sub', 'empty folder'), { recursive: true });
  writeFileSync(join(path, 'large'), diskContent(9_000_001, 21));
  writeFileSync(join(path, 'zeros'), Buffer.alloc(5_000_000));
  writeFileSync(join(path, 'empty'), '');
  writeFileSync(join(path, 'script'), '#!/bin/sh\n', { mode: 0o755 });
  for (const name of [
    'ü [1] & <2>',
    'quote " and \\ and \'',
    'new\nline',
    '%2F',
    '\u00a0\u200b\u2028',
    'ａ💾',
  ]) {
    writeFileSync(join(path, 'sub', name), `content of ${name}`);
  }
  symlinkSync('../large', join(path, 'sub', 'link'));
  symlinkSync('nowhere "', join(path, 'dangling'));
}
