import { changesInside, changesOf } from './compare.ts';
import type { ChannelEntry, ConfigurationStep, SecretFrom } from './document.ts';

const path = '/notification-channels';
/** Secrets of a target by the field that says where they come from. */
const placesOf = { passwordFrom: 'password', urlFrom: 'url', secretFrom: 'secret' } as const;

/** Notification channels; `problems` gets what speaks against the document. */
export function channelSteps(
  wanted: readonly ChannelEntry[],
  current: readonly ChannelEntry[],
  problems: string[],
): ConfigurationStep[] {
  return wanted.map((entry) => {
    const known = current.find(({ name }) => name === entry.name);
    return known ? changeStep(entry, known, problems) : createStep(entry, problems);
  });
}

/** Channels that are on the server and not in the document. */
export function surplusChannels(
  wanted: readonly ChannelEntry[],
  current: readonly ChannelEntry[],
): ConfigurationStep[] {
  const names = new Set(wanted.map(({ name }) => name));
  return current
    .filter(({ name }) => !names.has(name))
    .map(({ name }) => ({
      ...{ kind: 'channel', name, action: 'surplus', changes: [], secrets: [] },
      request: { method: 'DELETE', path: `${path}/${encodeURIComponent(name)}` },
    }));
}

function createStep(entry: ChannelEntry, problems: string[]): ConfigurationStep {
  const { name, enabled, rules, target = {} } = entry;
  const { plain, secrets } = withoutPlaces(target);
  const given = new Set(secrets.map(({ field }) => field));
  for (const [secret, from] of needed(target))
    if (!given.has(`target.${secret}`)) problems.push(`the channel ${name} is new and has no ${from}`);
  const body = {
    ...{ name, ...(enabled === undefined ? {} : { enabled }), target: present(plain) },
    ...(rules === undefined ? {} : { rules: present(rules) }),
  };
  const { name: _, ...fields } = body;
  const request = { method: 'POST', path, body } as const;
  return { ...{ kind: 'channel', name, action: 'create', request, secrets }, changes: changesOf(fields, {}) };
}

function changeStep(entry: ChannelEntry, known: ChannelEntry, problems: string[]): ConfigurationStep {
  const { name, enabled, rules = {}, target = {} } = entry;
  const { plain, secrets } = withoutPlaces(target);
  const kind = known.target?.['kind'];
  if (plain['kind'] !== undefined && plain['kind'] !== kind)
    problems.push(`the channel ${name} is of the kind ${kind} and cannot become ${plain['kind']}`);
  const changes = [
    ...changesOf({ enabled }, { enabled: known.enabled }),
    ...changesInside({ rules, target: plain }, { rules: known.rules ?? {}, target: known.target ?? {} }),
  ];
  const within = (group: string) =>
    changes
      .filter(({ field }) => field.startsWith(`${group}.`))
      .map(({ field, to }) => [field.slice(group.length + 1), to]);
  const [rulesChanged, targetChanged] = [within('rules'), within('target')];
  const hasTarget = targetChanged.length > 0 || secrets.length > 0;
  const body = {
    ...(changes.some(({ field }) => field === 'enabled') ? { enabled } : {}),
    ...(rulesChanged.length > 0 ? { rules: Object.fromEntries(rulesChanged) } : {}),
    ...(hasTarget ? { target: { kind, ...Object.fromEntries(targetChanged) } } : {}),
  };
  const request = { method: 'PATCH', path: `${path}/${encodeURIComponent(name)}`, body } as const;
  const action = changes.length > 0 ? 'change' : 'unchanged';
  return { kind: 'channel', name, action, changes, request, secrets };
}

type Target = NonNullable<ChannelEntry['target']>;

/** `signed` only tells whether there is a secret. */
function withoutPlaces({ passwordFrom, urlFrom, secretFrom, signed: _, ...plain }: Target) {
  const from = { passwordFrom, urlFrom, secretFrom } as Readonly<
    Record<keyof typeof placesOf, SecretFrom | undefined>
  >;
  const secrets = (Object.keys(placesOf) as (keyof typeof placesOf)[]).flatMap((place) => {
    const known = from[place];
    return known ? [{ field: `target.${placesOf[place]}`, from: known }] : [];
  });
  return { plain, secrets };
}

/** Secrets that a new channel cannot be without. */
function needed({ kind, username, signed }: Target): readonly (readonly [string, string])[] {
  if (kind === 'email') return typeof username === 'string' ? [['password', 'passwordFrom']] : [];
  if (kind === 'chat') return [['url', 'urlFrom']];
  if (kind !== 'webhook') return [];
  return signed === true
    ? [
        ['url', 'urlFrom'],
        ['secret', 'secretFrom'],
      ]
    : [['url', 'urlFrom']];
}

function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}
