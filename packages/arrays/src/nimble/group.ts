import { z } from 'zod';
import { readRows } from './rest/list.ts';
import type { NimbleRest } from './rest/nimble-rest.ts';

export const groupSchema = z.object({
  id: z.string(),
  name: z.string(),
  version_current: z.string().nullish(),
  iscsi_enabled: z.boolean().nullish(),
  fc_enabled: z.boolean().nullish(),
  group_target_name: z.string().nullish(),
  default_iscsi_target_scope: z.string().nullish(),
  failover_mode: z.string().nullish(),
  /** Seconds. */
  max_lock_period: z.number().nullish(),
  /** Unix seconds by its own clock. */
  date: z.number().nullish(),
});

/** The group behind a management address, with the uid that is part of all its ids. */
export interface Group extends z.infer<typeof groupSchema> {
  readonly uid: string;
}

export async function readGroup(rest: NimbleRest, signal?: AbortSignal): Promise<Group> {
  const [group] = await readRows(rest, groupSchema, '/groups/detail', {}, signal);
  if (group) return { ...group, uid: uidOf(group.id) };
  return rest.understand(z.never(), { method: 'GET', path: '/groups/detail' }, undefined);
}

/**
 * 16 hex digits: the part of every id of a group that is the same. Ids of another form are taken whole, which
 * still tells groups apart but not which group a partner is.
 */
export function uidOf(id: string): string {
  return /^[0-9a-f]{42}$/i.test(id) ? id.slice(2, 18).toLowerCase() : id;
}

/**
 * A partner's `partner_group_uid` in the same form: a text of 16 hex digits as it is; else, and for a number always,
 * an unsigned (or, by some clients, signed) 64-bit number.
 */
export function uidOfPartner(told: string | number | null | undefined): string | undefined {
  const text = String(told ?? '').trim();
  if (typeof told !== 'number' && /^[0-9a-f]{16}$/i.test(text)) return text.toLowerCase();
  if (!/^[+-]?\d{1,20}$/.test(text) || BigInt(text) === 0n) return undefined;
  return BigInt.asUintN(64, BigInt(text)).toString(16).padStart(16, '0');
}
