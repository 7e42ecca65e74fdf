import { LeewardError } from '@leeward/core';
import { z } from 'zod';
import { ControlClient, DoorRefusal } from './control-client.ts';
import type { LabState } from './lab-state.ts';

/** A simulator of a running lab, and its door. */
export interface LabSystem {
  readonly name: string;
  readonly kind: 'vcenter' | 'array';
  ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, answer: z.ZodType<T>, body?: object): Promise<T>;
}

/** vCenter first, then the arrays. */
export function labSystems({ vcenter, arrays }: LabState): LabSystem[] {
  return [
    systemOf('vcenter', vcenter.name, vcenter.control),
    ...arrays.map(({ name, control }) => systemOf('array', name, control)),
  ];
}

function systemOf(
  kind: LabSystem['kind'],
  name: string,
  control: { readonly port: number; readonly token: string },
): LabSystem {
  const client = new ControlClient(control);
  return {
    name,
    kind,
    ask: async (method, path, answer, body) => answer.parse(await asked(client, name, method, path, body)),
  };
}

/** Throws `L-CFG-103` with the door's words, `L-CFG-123` when nobody is there. */
async function asked(
  client: ControlClient,
  system: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<unknown> {
  try {
    if (method === 'GET') return await client.get(path);
    return method === 'POST' ? await client.post(path, body ?? {}) : await client.delete(path);
  } catch (error) {
    if (error instanceof DoorRefusal) throw new LeewardError('L-CFG-103', { problem: error.reason }, error);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LeewardError('L-CFG-123', { system, reason }, error);
  }
}

/** For calls whose answer says nothing. */
export const anyAnswer = z.unknown();
