/** Whether `text` is what `pattern` says; `*` in it stands for anything. */
export function fitsWildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

/** Whether any text at all fits both patterns. */
export function wildcardsMeet(one: string, other: string): boolean {
  // Reachable positions in `other` for each prefix of `one`, as for a text that is compared with a pattern.
  let at = closure(new Set([0]), other);
  for (const sign of one) {
    const next = new Set<number>();
    for (const place of at) {
      if (sign === '*') for (let later = place; later <= other.length; later++) next.add(later);
      else if (other[place] === '*') next.add(place);
      else if (other[place] === sign) next.add(place + 1);
    }
    at = closure(next, other);
  }
  return at.has(other.length);
}

/** A `*` may stand for nothing. */
function closure(places: Set<number>, pattern: string): Set<number> {
  for (const place of places) if (pattern[place] === '*') places.add(place + 1);
  return places;
}
