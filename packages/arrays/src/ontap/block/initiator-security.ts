import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import type { AnyPresentationPlan } from '../../contract/lun-presentation.ts';
import { ensure } from '../../rest/ensure.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change, remove } from '../rest/change.ts';
import { readAll } from '../rest/collection.ts';
import { literally } from '../rest/literally.ts';
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
 * For which proxies CHAP has to be set up. An entry that the administrator made for a proxy is used when it has
 * our user, and never changed; one that other presentations of ours made is shared with them. Reads only, and
 * only where the settings ask for CHAP.
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
    } else if (!asks(own, chap.username)) {
      const message = `its initiator security asks for ${describe(own)}, not for CHAP as ${chap.username}`;
      throw new LeewardError('L-ARR-611', { host: array.rest.host, tenant: svm.name, initiator, message });
    } else if (byOthers.has(initiator)) chapFor.push(initiator);
  }
  return { chap: true, chapFor };
}

/** Makes our entry; one that is there by now is left as it is. */
export async function ensureSecurity(
  array: OntapArray,
  svmUuid: string,
  initiator: string,
  signal?: AbortSignal,
): Promise<void> {
  const { chap } = array.settings;
  if (!chap) return;
  const { username: user, password } = chap;
  const body = {
    svm: { uuid: svmUuid },
    initiator: initiator.toLowerCase(),
    authentication_type: 'chap',
    chap: { inbound: { user, password } },
  };
  await ensure(array.rest, {
    object: `the initiator security of ${initiator}`,
    find: async () => (await listEntries(array, svmUuid, [initiator], signal))[0],
    create: () => change(array.rest, { method: 'POST', path, body, mayBecomeJob: false, signal }),
    signal,
  });
}

/** Removes our entry; the default one is never ours. */
export async function dropSecurity(
  array: OntapArray,
  svmUuid: string,
  initiator: string,
  signal?: AbortSignal,
): Promise<void> {
  const one = `${path}/${encodeURIComponent(svmUuid)}/${encodeURIComponent(initiator.toLowerCase())}`;
  await remove(array.rest, { path: one, mayBecomeJob: false, signal });
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
