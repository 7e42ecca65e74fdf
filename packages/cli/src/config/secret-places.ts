import { LeewardError } from '@leeward/core';
import type { ConfigurationDocument, ConfigurationStep } from '@leeward/server';
import { readSecret } from '../commands/secret-input.ts';

type ArrayEntry = NonNullable<ConfigurationDocument['arrays']>[number];
type Secret = ConfigurationStep['secrets'][number];

/** The document with the names of environment variables where `apply` is to find the passwords. */
export function withSecretPlaces(document: Required<ConfigurationDocument>): Required<ConfigurationDocument> {
  const { vcenters, arrays, repositories, channels } = document;
  return {
    ...document,
    vcenters: vcenters.map((each) => ({ ...each, passwordFrom: place('vcenter', each.name) })),
    arrays: arrays.map(({ chap, ...each }) => ({
      ...each,
      passwordFrom: place('array', each.name),
      ...(chap ? { chap: chapPlaces(each.name, chap) } : {}),
    })),
    channels: channels.map(({ target = {}, ...each }) => ({
      ...each,
      target: { ...target, ...targetPlaces(each.name, target) },
    })),
    repositories: repositories.map((each) => ({ ...each, passwordFrom: place('repository', each.name) })),
  };
}

function chapPlaces(name: string, { mutual, ...chap }: NonNullable<ArrayEntry['chap']>) {
  const theirs = mutual && { ...mutual, passwordFrom: place('chap', name, 'MUTUAL_PASSWORD') };
  return { ...chap, passwordFrom: place('chap', name), ...(theirs ? { mutual: theirs } : {}) };
}

/** Of the secrets that a channel of that kind has. */
function targetPlaces(name: string, { kind, username, signed }: Readonly<Record<string, unknown>>) {
  if (kind === 'email') return username === undefined ? {} : { passwordFrom: place('channel', name) };
  if (kind !== 'webhook' && kind !== 'chat') return {};
  const secret = signed === true ? { secretFrom: place('channel', name, 'SECRET') } : {};
  return { urlFrom: place('channel', name, 'URL'), ...secret };
}

function place(kind: string, name: string, what = 'PASSWORD') {
  return { env: `LEEWARD_${kind}_${name}_${what}`.toUpperCase().replace(/[^A-Z0-9_]/g, '_') };
}

/** Every secret by its place. Throws `L-OPS-102` with all that are not there. */
export async function revealed(
  secrets: readonly Secret[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<(secret: Secret) => string> {
  const known = new Map<string, string>();
  const missing = new Set<string>();
  for (const { from } of secrets) {
    const value = await secretAt(from, environment);
    if (value === undefined)
      missing.add('env' in from ? `the variable ${from.env}` : `the file ${from.file}`);
    else known.set(JSON.stringify(from), value);
  }
  if (missing.size > 0) throw new LeewardError('L-OPS-102', { places: [...missing].join(', ') });
  return ({ from }) => known.get(JSON.stringify(from)) ?? '';
}

async function secretAt(from: Secret['from'], environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if ('env' in from) return environment[from.env] || undefined;
  return readSecret({ file: from.file, environment: '', prompt: '' }).catch(() => undefined);
}

/** The body of a request with the secrets in their places. */
export function bodyWith(
  body: object,
  secrets: readonly Secret[],
  reveal: (secret: Secret) => string,
): Record<string, unknown> {
  let filled: Record<string, unknown> = { ...body };
  for (const secret of secrets) filled = withField(filled, secret.field.split('.'), reveal(secret));
  return filled;
}

function withField(
  body: object,
  [head = '', ...inner]: readonly string[],
  value: string,
): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...body };
  const known = fields[head];
  fields[head] = inner.length === 0 ? value : withField(isObject(known) ? known : {}, inner, value);
  return fields;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
