import { ownedNamePrefix } from '../contract/ownership.ts';

/** `leeward_` as the array allows it. */
export const arrayNamePrefix = 'leeward-';

/**
 * Our name of an object as the array allows it (letters, digits, `.`, `:` and `-`): `_` becomes `-`, and `-`, `:`
 * and all others are escaped with `:`. Names that do not begin as ours are left as they are, so that no two names
 * fall together.
 */
export function toArrayName(name: string): string {
  if (!name.startsWith(ownedNamePrefix)) return name;
  return name.replace(/[^A-Za-z0-9.]/gu, (character) => {
    if (character === '_') return '-';
    if (character === '-' || character === ':') return `:${character}`;
    return `:x${character.codePointAt(0)?.toString(16) ?? ''}:`;
  });
}

/** The way back. A name that `toArrayName` cannot have made is returned as it is. */
export function fromArrayName(name: string): string {
  if (!name.startsWith(arrayNamePrefix)) return name;
  const plain = name.replace(/:(?:x([0-9a-f]{1,6}):|([:-]))|-/g, (whole, code?: string, kept?: string) => {
    if (kept !== undefined) return kept;
    return code === undefined ? (whole === '-' ? '_' : whole) : characterOf(code);
  });
  return toArrayName(plain) === name ? plain : name;
}

function characterOf(code: string): string {
  const point = Number.parseInt(code, 16);
  return point <= 0x10_ff_ff ? String.fromCodePoint(point) : '';
}
