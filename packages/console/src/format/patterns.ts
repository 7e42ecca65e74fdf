/** Patterns as they are typed, separated by commas; empty: none. */
export function patternsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
}
