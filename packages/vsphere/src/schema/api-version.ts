/** The API versions that this client asks for, newest first. */
export const knownVersions = [
  '9.0.0.0',
  '8.0.3.0',
  '8.0.2.0',
  '8.0.1.0',
  '8.0.0.0',
  '7.0.3.0',
  '7.0.2.0',
  '7.0.1.0',
  '7.0.0.0',
  '6.7.3',
  '6.7.2',
  '6.7.1',
  '6.7',
  '6.5',
] as const;

/** Sent when the server does not tell its versions. */
export const fallbackVersion = '7.0.0.0';

/** True when `a` is a later version than `b`; missing parts count as 0. */
export function isNewer(a: string, b: string): boolean {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}
