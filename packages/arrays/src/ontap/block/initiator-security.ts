import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import type { AnyPresentationPlan } from '../../contract/lun-presentation.ts';
import { hasChapMark } from '../../contract/ownership.ts';
import { ensure } from '../../rest/ensure.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change, remove, repeatableChange } from '../rest/change.ts';
import { readAll } from '../rest/collection.ts';
import { literally } from '../rest/literally.ts';
import { groupNameFor, isOwnGroup, listGroups } from './igroup.ts';
import { othersOn, type PlanDetail } from './plan-detail.ts';

const userSchema = z.object({ user: z.string().default('') }).default({ user: '' });

const entrySchema = z.object({
  initiator: z.string(),
  authentication_type: z.string().default('none'),
  chap: z
    .object({ inbound: userSchema, outbound: userSchema })
    .default({ inbound: { user: '' }, outbound: { user: '' } }),
});

type Entry = z.infer<typeof entrySchema>;
type Chap = NonNullable<OntapArray['settings']['chap']>;

const path = '/protocols/san/iscsi/credentials';
/** The entry for initiators without one of their own; every SVM with iSCSI has it. */
const defaultInitiator = 'default';

export interface SecurityQuestion {
  readonly svm: { readonly uuid: string; readonly name: string };
  readonly initiators: readonly string[];
  /** Name of the presentation that asks. */
  readonly presentation: string;
  readonly active: readonly AnyPresentationPlan[];
}

/**
 * For which proxies CHAP has to be set up, or kept as the settings say. An entry that the administrator made for a
 * proxy is used when it has our user, and never changed; one of ours is known by the mark on the proxy's initiator
 * group, or by the plan of another presentation. Reads only, and only where the settings ask for CHAP.
 */
export async function planSecurity(
  array: OntapArray,
  { svm, initiators, presentation, active }: SecurityQuestion,
  signal?: AbortSignal,
): Promise<Pick<PlanDetail, 'chap' | 'chapFor'>> {
  const { chap } = array.settings;
  if (!chap) return { chap: false, chapFor: [] };
  const entries = await listEntries(array, svm.uuid, [...initiators, defaultInitiator], signal);
  const entryOf = (name: string) => entries.find(({ initiator }) => initiator === name.toLowerCase());
  const byOthers = new Set(othersOn(svm.uuid, active, presentation).flatMap(({ chapFor }) => chapFor));
  const chapFor: string[] = [];
  for (const initiator of initiators) {
    const own = entryOf(initiator);
    if (!own) {
      if (!fits(entryOf(defaultInitiator), chap)) chapFor.push(initiator);
    } else if (byOthers.has(initiator) || (await isMarked(array, svm.uuid, initiator, signal))) {
      chapFor.push(initiator);
    } else if (!fits(own, chap)) {
      const message = `its initiator security has ${described(own)}, not ${wanted(chap)}`;
      throw new LeewardError('L-ARR-611', { host: array.rest.host, tenant: svm.name, initiator, message });
    }
  }
  return { chap: true, chapFor };
}

async function isMarked(array: OntapArray, svmUuid: string, initiator: string, signal?: AbortSignal) {
  const name = groupNameFor(initiator);
  const groups = await listGroups(array, { svmUuid, name }, signal);
  return groups.some((group) => group.name === name && isOwnGroup(group) && hasChapMark(group.comment));
}

/** Whether there is an entry for this proxy, whoever made it. */
export async function hasEntry(array: OntapArray, svmUuid: string, initiator: string, signal?: AbortSignal) {
  return (await listEntries(array, svmUuid, [initiator], signal)).length > 0;
}

/** Whether there is one that asks for CHAP as the user of the settings. */
export async function asksOurs(array: OntapArray, svmUuid: string, initiator: string, signal?: AbortSignal) {
  const [entry] = await listEntries(array, svmUuid, [initiator], signal);
  return entry !== undefined && asks(entry, array.settings.chap?.username ?? '');
}

/** Makes our entry. One of ours that is there gets user and secret of the settings, since it may have older ones. */
export async function ensureSecurity(
  array: OntapArray,
  svmUuid: string,
  initiator: string,
  signal?: AbortSignal,
): Promise<void> {
  const { chap } = array.settings;
  if (!chap) return;
  const { username: user, password, mutual } = chap;
  const outbound = mutual && { user: mutual.username, password: mutual.password };
  const directions = { inbound: { user, password }, ...(outbound ? { outbound } : {}) };
  const security = { authentication_type: 'chap', chap: directions };
  const body = { svm: { uuid: svmUuid }, initiator: initiator.toLowerCase(), ...security };
  let isNew = false;
  await ensure(array.rest, {
    object: `the initiator security of ${initiator}`,
    find: async () => (await listEntries(array, svmUuid, [initiator], signal))[0],
    create: async () => {
      await change(array.rest, { method: 'POST', path, body, mayBecomeJob: false, signal });
      isNew = true;
    },
    signal,
  });
  if (isNew) return;
  const one = entryPath(svmUuid, initiator);
  const update = { path: one, body: security, mayBecomeJob: false, signal };
  await repeatableChange(array.rest, { ...update, method: 'PATCH' });
}

/** Removes our entry; the default one is never ours. */
export async function dropSecurity(
  array: OntapArray,
  svmUuid: string,
  initiator: string,
  signal?: AbortSignal,
): Promise<void> {
  await remove(array.rest, { path: entryPath(svmUuid, initiator), mayBecomeJob: false, signal });
}

function entryPath(svmUuid: string, initiator: string): string {
  return `${path}/${encodeURIComponent(svmUuid)}/${encodeURIComponent(initiator.toLowerCase())}`;
}

function listEntries(
  array: OntapArray,
  svmUuid: string,
  initiators: readonly string[],
  signal?: AbortSignal,
): Promise<Entry[]> {
  const initiator = initiators.map((name) => literally(name.toLowerCase())).join('|');
  const fields = 'initiator,authentication_type,chap.inbound.user,chap.outbound.user';
  const query = { 'svm.uuid': svmUuid, initiator, fields };
  return readAll(array.rest, entrySchema, path, query, signal);
}

function asks(entry: Entry | undefined, user: string): boolean {
  return entry?.authentication_type.toLowerCase() === 'chap' && entry.chap.inbound.user === user;
}

/** Whether proxies that log in by these settings get in, and are told what they ask of the target. */
function fits(entry: Entry | undefined, { username, mutual }: Chap): boolean {
  if (!asks(entry, username)) return false;
  return mutual === undefined || entry?.chap.outbound.user === mutual.username;
}

function described({ authentication_type, chap: { inbound, outbound } }: Entry): string {
  if (authentication_type.toLowerCase() !== 'chap') return authentication_type;
  return words(inbound.user || 'another user', outbound.user);
}

function wanted({ username, mutual }: Chap): string {
  return words(username, mutual?.username ?? '');
}

function words(user: string, provesItselfAs: string): string {
  return `CHAP as ${user}${provesItselfAs === '' ? '' : ` with the array proving itself as ${provesItselfAs}`}`;
}
