import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What differs between two folders: names, kinds, contents, link targets, permissions of files. */
export function differences(left: string, right: string, below = ''): string[] {
  const names = (folder: string) => readdirSync(join(folder, below)).sort();
  const [a, b] = [names(left), names(right)];
  if (a.join('\0') !== b.join('\0')) return [`${below}/: ${a.join(' ')} and ${b.join(' ')}`];
  return a.flatMap((name) => {
    const path = join(below, name);
    const [first, second] = [join(left, path), join(right, path)];
    const [one, other] = [lstatSync(first), lstatSync(second)];
    if (one.isDirectory() && other.isDirectory()) return differences(left, right, path);
    if (one.isSymbolicLink()) return readlinkSync(first) === readlinkSync(second) ? [] : [path];
    const isSame = one.mode === other.mode && readFileSync(first).equals(readFileSync(second));
    return isSame ? [] : [path];
  });
}
