import { redacted } from '@leeward/engine/scripts/redact';

/** Fields of these names hold secrets, whatever stands in front: `newPassword`, `csrfToken`, `set-cookie`. */
const secretName = /(password|passphrase|secret|token|authorization|cookie|hash|api-?key|otp)$/i;
const censor = '(secret)';
/** What lies deeper is of no use in a log. */
const deepest = 8;

/**
 * What may stand in a log: the values of fields with such names are cut out at every depth, and what looks like a secret
 * in a text (a URL with a password, a header) too. Errors become plain objects.
 */
export function withoutLogSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redacted(value, []);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > deepest) return '(deeper)';
  if (Array.isArray(value)) return value.map((each) => withoutLogSecrets(each, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretName.test(name) ? censor : withoutLogSecrets(inner, depth + 1),
    ]),
  );
}
