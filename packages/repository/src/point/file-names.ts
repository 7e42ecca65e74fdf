import { LeewardError } from '@leeward/core';

const maxNameBytes = 255;
/** What cannot stand in a file name, or would break a VMDK descriptor. `%` makes it reversible. */
const unsafe = /[\p{Cc}/\\"%]/gu;

/**
 * A file name for any name of a VM, disk or file; reversible by `nameOfFile`. Blanks, brackets, umlauts stay as they
 * are; only what no file name may hold becomes `%2F` and the like. `suffix` is appended unchanged.
 */
export function fileNameOf(name: string, suffix = ''): string {
  const escaped = name.toWellFormed().replace(unsafe, percent);
  const safe = escaped === '' ? '%' : /^\.{1,2}$/.test(escaped) ? `%2E${escaped.slice(1)}` : escaped;
  const fileName = safe + suffix;
  if (Buffer.byteLength(fileName) > maxNameBytes) throw new LeewardError('L-REP-129', { name });
  return fileName;
}

export function nameOfFile(fileName: string): string {
  if (fileName === '%') return '';
  return fileName.replace(/%([0-9A-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/**
 * Whether a name out of a repository may become a file name inside a folder. A repository that somebody tampered with
 * must not write elsewhere.
 */
export function isSafeFileName(name: string): boolean {
  return (
    name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name) && Buffer.byteLength(name) <= 255
  );
}
