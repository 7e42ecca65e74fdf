/** Fields of inputs and answers that no log and no trail may hold. */
const secretFields = new Set([
  'password',
  'newPassword',
  'clientSecret',
  'secret',
  'token',
  'csrfToken',
  'hash',
]);

/** The same with the values of secret fields cut out, at every depth. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretFields.has(name) ? '(secret)' : withoutSecrets(inner),
    ]),
  );
}
