import { LeewardError } from '@leeward/core';
import { normalFingerprint } from '@leeward/platform';
import { changesInside, changesOf } from './compare.ts';
import type {
  ConfigurationDocument,
  ConfigurationKind,
  ConfigurationPlan,
  ConfigurationStep,
  Entry,
  SecretFrom,
  SystemEntry,
} from './document.ts';
import { channelSteps, surplusChannels } from './plan-channels.ts';
import { chapPlaces, isChap, wholeChap, withoutPlace } from './plan-chap.ts';

/** How one kind of objects is made, changed and removed. A further kind is one more row, in `kindsOf`. */
interface Kind {
  readonly kind: ConfigurationKind;
  readonly wanted: readonly Entry[] | undefined;
  readonly current: readonly Entry[];
  readonly path: string;
  /** Fields that cannot be changed once it is made. */
  readonly fixed: readonly string[];
  /** Fields that only matter when it is made. */
  readonly onlyNew: readonly string[];
  readonly isRemovable: boolean;
  readonly needsPassword: boolean;
}

/**
 * What has to be done so that the server is as the document says. Pure; the document was validated for its form before.
 * Throws `L-OPS-101` with everything that speaks against it.
 */
export function planConfiguration(
  wanted: ConfigurationDocument,
  current: Required<ConfigurationDocument>,
): ConfigurationPlan {
  const problems: string[] = [];
  const kinds = kindsOf(wanted, current);
  for (const { kind, wanted: entries = [] } of kinds) problems.push(...repeated(kind, entries));
  problems.push(...unknownRepositories(wanted, current));
  const steps = kinds.flatMap((each) => stepsOf(each, problems));
  const { channels } = wanted;
  if (channels) {
    problems.push(...repeated('channel', channels));
    steps.push(...channelSteps(channels, current.channels, problems));
  }
  if (wanted.settings) steps.push(settingsStep(wanted.settings, current.settings));
  const surplus = [
    ...(channels ? surplusChannels(channels, current.channels) : []),
    ...kinds.toReversed().flatMap(surplusOf),
  ];
  if (problems.length > 0) throw new LeewardError('L-OPS-101', { problems: problems.join('; ') });
  return { steps: [...steps, ...surplus] };
}

function kindsOf(wanted: ConfigurationDocument, current: Required<ConfigurationDocument>): readonly Kind[] {
  const system = { fixed: ['family'], onlyNew: [], isRemovable: true, needsPassword: true };
  const { vcenters, arrays } = wanted;
  return [
    {
      ...system,
      kind: 'vcenter',
      wanted: vcenters?.map(normal),
      current: current.vcenters,
      path: '/vcenters',
    },
    { ...system, kind: 'array', wanted: arrays?.map(normal), current: current.arrays, path: '/arrays' },
    {
      ...{ kind: 'repository', wanted: wanted.repositories, current: current.repositories },
      ...{ path: '/repositories', fixed: [], onlyNew: ['init', 'blockSizeBytes'] },
      ...{ isRemovable: false, needsPassword: true },
    },
    {
      ...{ kind: 'job', wanted: wanted.jobs, current: current.jobs, path: '/jobs' },
      ...{ fixed: ['repository', 'snapshotOnly'], onlyNew: [], isRemovable: true, needsPassword: false },
    },
  ];
}

/** Fingerprints are compared by their digits. */
function normal(entry: SystemEntry): SystemEntry {
  const { fingerprint } = entry;
  return typeof fingerprint === 'string' ? { ...entry, fingerprint: normalFingerprint(fingerprint) } : entry;
}

function stepsOf(each: Kind, problems: string[]): ConfigurationStep[] {
  return (each.wanted ?? []).map((entry) => {
    const known = each.current.find(({ name }) => name === entry.name);
    return known ? changeStep(each, entry, known, problems) : createStep(each, entry, problems);
  });
}

function createStep(
  { kind, path, needsPassword }: Kind,
  entry: Entry,
  problems: string[],
): ConfigurationStep {
  const { name } = entry;
  const { body, secrets } = withoutSecretPlaces(entry);
  if (needsPassword && !secrets.some(({ field }) => field === 'password'))
    problems.push(`the ${kind} ${name} is new and has no passwordFrom`);
  for (const field of withoutPlace(entry['chap'], secrets))
    problems.push(`${field} of the ${kind} ${name} is new and has no passwordFrom`);
  const given = Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== null && value !== undefined),
  );
  const { name: _, ...fields } = given;
  const request = { method: 'POST', path, body: given } as const;
  return { ...{ kind, name, action: 'create', request, secrets }, changes: changesOf(fields, {}) };
}

function changeStep(each: Kind, entry: Entry, known: Entry, problems: string[]): ConfigurationStep {
  const { kind, path, fixed, onlyNew } = each;
  const { name } = entry;
  const { body, secrets } = withoutSecretPlaces(entry);
  const wanted = Object.fromEntries(Object.entries(body).filter(([field]) => !onlyNew.includes(field)));
  const changes = changesOf(wanted, known);
  for (const { field, from, to } of changes)
    if (fixed.includes(field))
      problems.push(
        `${field} of the ${kind} ${name} is ${JSON.stringify(from)} and cannot become ${JSON.stringify(to)}`,
      );
  const changed = Object.fromEntries(
    changes.map(({ field, to }) => [field, field === 'chap' ? wholeChap(to) : to]),
  );
  const request = { method: 'PATCH', path: `${path}/${encodeURIComponent(name)}`, body: changed } as const;
  const action = changes.length > 0 ? 'change' : 'unchanged';
  return { kind, name, action, changes, request, secrets };
}

/** Kinds that the document says nothing of have no surplus. */
function surplusOf({ kind, wanted, current, path, isRemovable }: Kind): ConfigurationStep[] {
  if (!wanted) return [];
  const names = new Set(wanted.map(({ name }) => name));
  return current
    .filter(({ name }) => !names.has(name))
    .map(({ name }) => ({
      ...{ kind, name, action: 'surplus', changes: [], secrets: [] },
      ...(isRemovable
        ? { request: { method: 'DELETE', path: `${path}/${encodeURIComponent(name)}` } as const }
        : {}),
    }));
}

function settingsStep(
  wanted: Readonly<Record<string, unknown>>,
  current: Readonly<Record<string, unknown>>,
): ConfigurationStep {
  const changes = changesInside(wanted, current);
  const body: Record<string, Record<string, unknown>> = {};
  for (const { field, to } of changes) {
    const [group = '', name = ''] = field.split('.');
    body[group] = { ...body[group], [name]: to };
  }
  const action = changes.length > 0 ? 'change' : 'unchanged';
  const request = { method: 'PATCH', path: '/settings', body } as const;
  return { kind: 'settings', name: 'settings', action, changes, request, secrets: [] };
}

interface Placed {
  readonly body: Readonly<Record<string, unknown>>;
  readonly secrets: { readonly field: string; readonly from: SecretFrom }[];
}

function withoutSecretPlaces(entry: Entry): Placed {
  const { passwordFrom, chap, ...body } = entry as SystemEntry;
  const secrets = passwordFrom ? [{ field: 'password', from: passwordFrom }] : [];
  if (!isChap(chap)) return { body: chap === undefined ? body : { ...body, chap }, secrets };
  const places = chapPlaces(chap);
  return { body: { ...body, chap: places.chap }, secrets: [...secrets, ...places.secrets] };
}

function repeated(kind: string, entries: readonly Entry[]): string[] {
  const names = entries.map(({ name }) => name);
  return [...new Set(names.filter((name, place) => names.indexOf(name) !== place))].map(
    (name) => `there are several entries for the ${kind} ${name}`,
  );
}

/** Of jobs and settings; everything else that a document names is known only to vCenters and arrays. */
function unknownRepositories(
  wanted: ConfigurationDocument,
  current: Required<ConfigurationDocument>,
): string[] {
  const known = [...(wanted.repositories ?? []), ...current.repositories].map(({ name }) => name);
  const { serverBackup } = wanted.settings ?? {};
  const named = [
    ...(wanted.jobs ?? []).map(({ name, repository }) => [`the job ${name}`, repository] as const),
    ['serverBackup', (serverBackup as { readonly repository?: unknown } | undefined)?.repository] as const,
  ];
  return named.flatMap(([who, repository]) =>
    typeof repository === 'string' && !known.includes(repository)
      ? [`${who} names the repository ${repository}, which is neither in the file nor on the server`]
      : [],
  );
}
