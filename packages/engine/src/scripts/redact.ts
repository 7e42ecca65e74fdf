const hidden = '[hidden]';
/** Shorter ones would hide half of every text. */
const shortestSecret = 4;

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(authorization\s*[:=]\s*)(?:\w+\s+)?\S+/gi, `$1${hidden}`],
  [/\b(\w*(?:password|passwd|passphrase|secret|token|api[-_]?key)\w*["']?\s*[:=]\s*)\S+/gi, `$1${hidden}`],
  [/(\w+:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g, `$1${hidden}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, hidden],
];

/** A text without secrets that are known, and without what looks like one. */
export function redacted(text: string, secrets: readonly string[]): string {
  const known = secrets
    .flatMap(withParts)
    .filter(({ length }) => length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  const without = known.reduce((left, secret) => left.replaceAll(secret, hidden), text);
  return patterns.reduce((left, [pattern, replacement]) => left.replace(pattern, replacement), without);
}

/** Some are kept as JSON with several members. */
function withParts(secret: string): string[] {
  try {
    const value: unknown = JSON.parse(secret);
    if (typeof value !== 'object' || value === null) return [secret];
    return [secret, ...Object.values(value).filter((part) => typeof part === 'string')];
  } catch {
    return [secret];
  }
}
