import { isError, LeewardError, reportOf } from '@leeward/core';
import type { ArrayCheck } from '../contract/array-driver.ts';
import type { OntapArray } from './ontap-array.ts';
import type { RestCall } from './rest/rest-client.ts';

interface Probe {
  readonly name: string;
  readonly required: boolean;
  readonly call: RestCall;
}

/**
 * Proves write rights without writing: asks to change objects with ids that were drawn this moment and cannot
 * exist. An account with the right is told that there is no such object, one without is refused before that.
 */
export async function probeRights(
  array: OntapArray,
  uuid: () => string,
  signal?: AbortSignal,
): Promise<ArrayCheck[]> {
  const volume = `/storage/volumes/${uuid()}`;
  const relation = `/snapmirror/relationships/${uuid()}`;
  const group = `/application/consistency-groups/${uuid()}`;
  const probes: Probe[] = [
    {
      name: 'right to storage snapshots',
      required: true,
      call: { method: 'DELETE', path: `${volume}/snapshots/${uuid()}` },
    },
    { name: 'right to clones', required: false, call: { method: 'DELETE', path: volume } },
    {
      name: 'right to export rules',
      required: false,
      call: { method: 'DELETE', path: `/protocols/nfs/export-policies/${unusedId(uuid())}` },
    },
    {
      name: 'right to initiator groups',
      required: false,
      call: { method: 'DELETE', path: `/protocols/san/igroups/${uuid()}` },
    },
    {
      name: 'right to LUN mappings',
      required: false,
      call: { method: 'DELETE', path: `/protocols/san/lun-maps/${uuid()}/${uuid()}` },
    },
    {
      name: 'right to transfers',
      required: false,
      call: { method: 'PATCH', path: `${relation}/transfers/${uuid()}`, body: { state: 'aborted' } },
    },
    {
      name: 'right to consistency groups',
      required: false,
      call: { method: 'DELETE', path: `${group}/snapshots/${uuid()}` },
    },
  ];
  return await Promise.all(probes.map((probe) => ask(array, probe, signal)));
}

/** Ids of policies are small numbers above the SVM's number times 2^32; one of 53 random bits is none of them. */
function unusedId(uuid: string): number {
  const digits = uuid.replaceAll('-', '');
  return 2 ** 52 + Number.parseInt(digits.slice(0, 12), 16);
}

async function ask(
  array: OntapArray,
  { name, required, call }: Probe,
  signal?: AbortSignal,
): Promise<ArrayCheck> {
  const right = `${call.method} ${call.path.replaceAll(/[0-9a-f-]{36}|[0-9]{16}/g, '*')}`;
  try {
    await array.rest.send({ ...call, signal });
    return { name, ok: true, text: `granted (${right})`, required };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof LeewardError)) throw error;
    if (isError(error, 'L-ARR-005'))
      return { name, ok: false, text: `missing (${right}). ${reportOf(error).next}`, required };
    const unreachable =
      isError(error, 'L-ARR-001') || isError(error, 'L-ARR-013') || isError(error, 'L-ARR-012');
    return {
      name,
      ok: !unreachable,
      text: unreachable ? reportOf(error).what : `granted (${right})`,
      required,
    };
  }
}
