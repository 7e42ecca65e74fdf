/** A secret in every form in which it would be given away. */
export function formsOf(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const asJson = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const base64 = [0, 1, 2].flatMap((before) => {
    // What stands before it moves it by so many bytes, as `user:` does in HTTP Basic; the ends depend on neighbours.
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const inner = text.slice(
      before === 0 ? 0 : before + 1,
      (before + bytes.length) % 3 === 0 ? undefined : -1,
    );
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const forms = [secret, asJson, url, url.replaceAll('%20', '+'), hex, hex.toUpperCase(), ...base64];
  return [...new Set(forms)].map((form) => Buffer.from(form));
}

const known = new Map<string, readonly Buffer[]>();

/** Names of the secrets that stand somewhere in what is searched. */
export function findSecrets(where: Buffer, secrets: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(secrets)
    .filter(([, secret]) => {
      const forms = known.get(secret) ?? formsOf(secret);
      known.set(secret, forms);
      return forms.some((form) => where.includes(form));
    })
    .map(([name]) => name);
}
