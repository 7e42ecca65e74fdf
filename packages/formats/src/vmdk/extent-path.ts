/**
 * True for a plain path below the descriptor's own folder: no root, no drive, no `.` or `..`, no backslash, no
 * control character, no quote (descriptors have no way to escape one).
 */
export function isPlainPath(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (path === '' || /[\u0000-\u001f\u007f\u2028\u2029"\\]/.test(path) || /^[a-z]:/i.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
