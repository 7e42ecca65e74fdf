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

const entrySchema = z.object({
  initiator: z.string(),
  authentication_type: z.string().default('none'),
  chap: z
    .object({ inbound: z.object({ user: z.string().default('') }).default({ user: '' }) })
    .default({ inbound: { user: '' } }),
});

type Entry = z.infer<typeof entrySchema>;

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
      if (!asks(entryOf(defaultInitiator), chap.username)) chapFor.push(initiator);
    } else if (byOthers.has(initiator) || (await isMarked(array, svm.uuid, initiator, signal))) {
      chapFor.push(initiator);
    } else if (!asks(own, chap.username)) {
      const message = `its initiator security asks for ${describe(own)}, not for CHAP as ${chap.username}`;
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
  const { username: user, password } = chap;
  const security = { authentication_type: 'chap', chap: { inbound: { user, password } } };
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
  const query = { 'svm.uuid': svmUuid, initiator, fields: 'initiator,authentication_type,chap.inbound.user' };
  return readAll(array.rest, entrySchema, path, query, signal);
}

function asks(entry: Entry | undefined, user: string): boolean {
  return entry?.authentication_type.toLowerCase() === 'chap' && entry.chap.inbound.user === user;
}

function describe({ authentication_type, chap }: Entry): string {
  const { user } = chap.inbound;
  return authentication_type.toLowerCase() === 'chap'
    ? `CHAP as ${user || 'another user'}`
    : authentication_type;
}
