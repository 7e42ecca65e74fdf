import { createHash } from 'node:crypto';
import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import { ownedNamePrefix, parseOwnership } from '../../contract/ownership.ts';
import { ensure } from '../../rest/ensure.ts';
import { refusedWith } from '../../rest/refused.ts';
import { noReference, referenceSchema } from '../inventory/references.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change, remove, repeatableChange } from '../rest/change.ts';
import { readAll } from '../rest/collection.ts';
import { literally } from '../rest/literally.ts';
import { initiatorTakenCodes, mappedGroupCodes } from '../rest/refusal-codes.ts';

const groupSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  svm: referenceSchema.default(noReference),
  comment: z.string().default(''),
  protocol: z.string().default('mixed'),
  initiators: z.array(z.object({ name: z.string() })).default([]),
});

export type InitiatorGroup = z.infer<typeof groupSchema>;

const path = '/protocols/san/igroups';
const fields = 'name,uuid,svm,comment,protocol,initiators.name';

/** One group for each proxy in an SVM, of that proxy alone, so that no mapping ever reaches a host. */
export function groupNameFor(initiator: string): string {
  const digest = createHash('sha256').update(initiator).digest('hex').slice(0, 12);
  const readable = initiator.replace(/[^A-Za-z0-9.-]/g, '-').slice(-60);
  return `${ownedNamePrefix}${readable}_${digest}`;
}

/** Groups by names like ours; `svmUuid` absent: of all SVMs. */
export function listGroups(
  array: OntapArray,
  { svmUuid, name }: { readonly svmUuid?: string; readonly name?: string },
  signal?: AbortSignal,
): Promise<InitiatorGroup[]> {
  const wanted = name === undefined ? `${ownedNamePrefix}*` : literally(name);
  const query = { ...(svmUuid === undefined ? {} : { 'svm.uuid': svmUuid }), name: wanted, fields };
  return readAll(array.rest, groupSchema, path, query, signal);
}

/** Our group of that name; throws when it is not ours, or lets in anybody else. */
export async function findGroup(
  array: OntapArray,
  svmUuid: string,
  { name, initiator }: { readonly name: string; readonly initiator: string },
  signal?: AbortSignal,
): Promise<InitiatorGroup | undefined> {
  const groups = await listGroups(array, { svmUuid, name }, signal);
  const found = groups.find((group) => group.name === name);
  if (!found) return undefined;
  const others = found.initiators.some((each) => !sameName(each.name, initiator));
  if (isOwnGroup(found) && found.protocol === 'iscsi' && !others) return found;
  throw new LeewardError('L-ARR-010', { host: array.rest.host, object: `initiator group ${name}` });
}

/**
 * Makes the group with its one initiator. Its type is `linux`, the plainest: nothing reads through it but our own
 * initiator. Call it and `dropGroup` one at a time for each name.
 */
export async function ensureGroup(
  array: OntapArray,
  svmUuid: string,
  group: { readonly name: string; readonly initiator: string },
  comment: string,
  signal?: AbortSignal,
): Promise<InitiatorGroup> {
  const { name, initiator } = group;
  const initiators = [{ name: initiator }];
  const body = { svm: { uuid: svmUuid }, name, os_type: 'linux', protocol: 'iscsi', comment, initiators };
  const find = () => findGroup(array, svmUuid, group, signal);
  try {
    const object = `the initiator group ${name}`;
    const create = () => change(array.rest, { method: 'POST', path, body, mayBecomeJob: false, signal });
    const made = await ensure(array.rest, { object, find, create, signal });
    if (made.initiators.length > 0) return made;
    // Emptied by hand, or left so by a release that makes the group first.
    return await ensure(array.rest, {
      object: `the initiator ${initiator}`,
      find: async () => {
        const now = await find();
        return now && now.initiators.length > 0 ? now : undefined;
      },
      create: () =>
        change(array.rest, {
          method: 'POST',
          path: `${groupPath(made.uuid)}/initiators`,
          body: { name: initiator },
          mayBecomeJob: false,
          signal,
        }),
      signal,
    });
  } catch (error) {
    if (!refusedWith(error, initiatorTakenCodes)) throw error;
    const { message } = error.refusal;
    throw new LeewardError('L-ARR-608', { host: array.rest.host, initiator, message }, error);
  }
}

/** Sets the comment of a group of ours. */
export async function markGroup(
  array: OntapArray,
  { uuid }: InitiatorGroup,
  comment: string,
  signal?: AbortSignal,
): Promise<void> {
  const path = groupPath(uuid);
  await repeatableChange(array.rest, {
    method: 'PATCH',
    path,
    body: { comment },
    mayBecomeJob: false,
    signal,
  });
}

/** Removes a group of ours. The array itself keeps one that something is still mapped to; then the answer is false. */
export async function dropGroup(
  array: OntapArray,
  group: InitiatorGroup,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!isOwnGroup(group)) return false;
  try {
    await remove(array.rest, { path: groupPath(group.uuid), mayBecomeJob: false, signal });
    return true;
  } catch (error) {
    if (!refusedWith(error, mappedGroupCodes)) throw error;
    return false;
  }
}

export function isOwnGroup({ name, comment }: InitiatorGroup): boolean {
  return name.startsWith(ownedNamePrefix) && parseOwnership(comment) !== undefined;
}

/** The array keeps names in lower case. */
function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function groupPath(uuid: string): string {
  return `${path}/${encodeURIComponent(uuid)}`;
}
