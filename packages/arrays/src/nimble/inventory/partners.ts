import { z } from 'zod';
import { uidOfPartner } from '../group.ts';
import type { NimbleArray } from '../nimble-array.ts';
import { readRows } from '../rest/list.ts';

const partnerSchema = z.object({
  id: z.string(),
  name: z.string(),
  partner_type: z.string().nullish(),
  is_alive: z.boolean().nullish(),
  paused: z.boolean().nullish(),
  cfg_sync_status: z.string().nullish(),
  last_sync_error: z.string().nullish(),
  last_keepalive_error: z.string().nullish(),
  replication_direction: z.string().nullish(),
  partner_group_uid: z.union([z.string(), z.number()]).nullish(),
  unique_name: z.boolean().nullish(),
});

export type Partner = z.infer<typeof partnerSchema>;

export function listPartners(
  array: NimbleArray,
  filter: { readonly name?: string } = {},
  signal?: AbortSignal,
): Promise<Partner[]> {
  return readRows(array.rest, partnerSchema, '/replication_partners/detail', filter, signal);
}

/** What is wrong with a partner now, in plain words; empty when all is well. */
export function troublesOf(partner: Partner): string[] {
  const { name, paused, is_alive, cfg_sync_status, last_keepalive_error, last_sync_error } = partner;
  return [
    ...(paused === true ? [`the replication partner ${name} is paused`] : []),
    ...(is_alive === false
      ? [`the replication partner ${name} does not answer${because(last_keepalive_error)}`]
      : []),
    ...(cfg_sync_status === 'No'
      ? [`the configuration is not yet the same on the partner ${name}${because(last_sync_error)}`]
      : []),
  ];
}

export function partnerSerial({ partner_group_uid }: Partner): string | undefined {
  return uidOfPartner(partner_group_uid);
}

function because(reason: string | null | undefined): string {
  return reason ? `: ${reason}` : '';
}
