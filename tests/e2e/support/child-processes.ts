import { readdirSync, readFileSync } from 'node:fs';

/** Process ids of the children of a process whose command line holds a text. Linux only, as the product. */
export function childrenOf(parentPid: number, commandPart: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === parentPid && commandOf(pid).includes(commandPart))
    .map(Number);
}

function parentOf(pid: string): number {
  // `pid (name) state ppid …`; the name may hold anything, so it is cut off at its last parenthesis.
  const [, parent] = (read(`/proc/${pid}/stat`).split(') ').at(-1) ?? '').split(' ');
  return Number(parent);
}

function commandOf(pid: string): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

/** Empty for a process that has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
