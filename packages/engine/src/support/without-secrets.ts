import { redacted } from '../scripts/redact.ts';

const hidden = '[hidden]';
/** Shorter ones would hide half of every text. */
const shortestSecret = 4;
/** Fields of these names hold secrets, or what is made of them. */
const secretName = /(password|passphrase|secret|token|authorization|cookie|hash|sealed)$/i;

/**
 * Any value as JSON without secrets: fields that hold some by their name are left out, and every known secret is cut
 * out of every text, as it is, as base64, base64url and hex.
 */
export function jsonWithoutSecrets(value: unknown, secrets: readonly string[]): string {
  const clean = cleanerOf(secrets);
  return `${JSON.stringify(walk(value, clean), null, 2)}\n`;
}

/** The same for a text of others, such as a log. */
export function textWithoutSecrets(text: string, secrets: readonly string[]): string {
  return cleanerOf(secrets)(text);
}

function cleanerOf(secrets: readonly string[]): (text: string) => string {
  const forms = secrets.filter(({ length }) => length >= shortestSecret).flatMap(formsOf);
  const known = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) =>
    redacted(
      known.reduce((left, form) => left.replaceAll(form, hidden), text),
      secrets,
    );
}

/** Base64 of a secret in the middle of something depends on where it begins there; what does not is looked for. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const inner = [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = shift === 0 ? 0 : shift + 1;
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return [encoded.slice(from, whole)];
  });
  const long = inner.filter(({ length }) => length >= shortestSecret);
  const url = long.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [secret, JSON.stringify(secret).slice(1, -1), hex, hex.toUpperCase(), ...long, ...url];
}

function walk(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => walk(each, clean));
  if (value instanceof Date) return value.toISOString();
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      secretName.test(name) ? [] : [[clean(name), walk(inner, clean)]],
    ),
  );
}
