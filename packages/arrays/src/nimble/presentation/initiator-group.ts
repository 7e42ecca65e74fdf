import { createHash } from 'node:crypto';
import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import { ensure } from '../../rest/ensure.ts';
import { refusedWith } from '../../rest/refused.ts';
import { arrayNamePrefix } from '../array-name.ts';
import { isOurs } from '../mark.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { change, remove } from '../rest/change.ts';
import { readRows } from '../rest/list.ts';
import { duplicateInitiatorCodes } from '../rest/refusal-codes.ts';
import { hasAccessRecords } from './access-record.ts';

const groupSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().nullish(),
  access_protocol: z.string().nullish(),
  iscsi_initiators: z.array(z.object({ iqn: z.string().nullish() })).nullish(),
  creation_time: z.number().nullish(),
});

export type InitiatorGroup = z.infer<typeof groupSchema>;

const path = '/initiator_groups';

/** One group for each proxy, of that proxy alone, so that no export ever reaches a host. */
export function groupNameFor(initiator: string): string {
  const digest = createHash('sha256').update(initiator).digest('hex').slice(0, 12);
  const readable = initiator.replace(/[^A-Za-z0-9.-]/g, '-').slice(-36);
  return `${arrayNamePrefix}${readable.replace(/^[^A-Za-z0-9]+/, '')}-${digest}`;
}

export function listInitiatorGroups(
  array: NimbleArray,
  filter: { readonly name?: string; readonly id?: string },
  signal?: AbortSignal,
): Promise<InitiatorGroup[]> {
  return readRows(array.rest, groupSchema, `${path}/detail`, filter, signal);
}

/** Our group of that name; throws when it is not ours, or lets in anybody else. */
export async function findGroup(
  array: NimbleArray,
  name: string,
  initiator: string,
  signal?: AbortSignal,
): Promise<InitiatorGroup | undefined> {
  const found = (await listInitiatorGroups(array, { name }, signal)).find((group) => group.name === name);
  if (!found) return undefined;
  const others = (found.iscsi_initiators ?? []).some(({ iqn }) => iqn !== initiator);
  if (isOwnGroup(found) && found.access_protocol !== 'fc' && !others) return found;
  throw new LeewardError('L-ARR-010', { host: array.rest.host, object: `initiator group ${name}` });
}

/** Makes the group with its one initiator. Call it and `dropGroup` one at a time for each name. */
export async function ensureGroup(
  array: NimbleArray,
  { name, initiator }: { readonly name: string; readonly initiator: string },
  comment: string,
  signal?: AbortSignal,
): Promise<InitiatorGroup> {
  const label = name;
  const inline = { iscsi_initiators: [{ label, iqn: initiator }] };
  const data = { name, description: comment, access_protocol: 'iscsi', ...inline };
  const find = () => findGroup(array, name, initiator, signal);
  const create = () => change(array.rest, { method: 'POST', path, data, signal });
  try {
    const group = await ensure(array.rest, { object: `the initiator group ${name}`, find, create, signal });
    if (hasInitiator(group, initiator)) return group;
    // Older releases do not take initiators together with the group.
    return await ensure(array.rest, {
      object: `the initiator ${initiator}`,
      find: async () => {
        const now = await find();
        return now && hasInitiator(now, initiator) ? now : undefined;
      },
      create: () => {
        const member = { initiator_group_id: group.id, access_protocol: 'iscsi', label, iqn: initiator };
        return change(array.rest, { method: 'POST', path: '/initiators', data: member, signal });
      },
      signal,
    });
  } catch (error) {
    if (!refusedWith(error, duplicateInitiatorCodes)) throw error;
    const { message } = error.refusal;
    throw new LeewardError('L-ARR-608', { host: array.rest.host, initiator, message }, error);
  }
}

/** Removes a group of ours unless something is still shown to it. */
export async function dropGroup(
  array: NimbleArray,
  group: InitiatorGroup,
  signal?: AbortSignal,
): Promise<void> {
  if (!isOwnGroup(group) || (await hasAccessRecords(array, group.id, signal))) return;
  await remove(array.rest, `${path}/${encodeURIComponent(group.id)}`, signal);
}

export function isOwnGroup({ name, description }: InitiatorGroup): boolean {
  return name.startsWith(arrayNamePrefix) && isOurs(name, description ?? '');
}

function hasInitiator({ iscsi_initiators }: InitiatorGroup, initiator: string): boolean {
  return (iscsi_initiators ?? []).some(({ iqn }) => iqn === initiator);
}
