import { z } from 'zod';
import type { NimbleArray } from '../nimble-array.ts';
import { readRows } from '../rest/list.ts';

const byteCountSchema = z.number().nullish();

const scheduleSchema = z.object({
  id: z.string(),
  name: z.string(),
  schedule_type: z.string().nullish(),
  downstream_partner: z.string().nullish(),
  downstream_partner_name: z.string().nullish(),
  upstream_partner_name: z.string().nullish(),
  num_retain_replica: z.number().nullish(),
  currently_replicating_snapcoll_name: z.string().nullish(),
  vol_status_list: z
    .array(
      z.object({
        name: z.string().nullish(),
        snap_name: z.string().nullish(),
        status: z.string().nullish(),
        repl_bytes_done: byteCountSchema,
        repl_bytes_total: byteCountSchema,
      }),
    )
    .nullish(),
});

export type Schedule = z.infer<typeof scheduleSchema>;

export function listSchedules(
  array: NimbleArray,
  volumeCollectionId: string,
  signal?: AbortSignal,
): Promise<Schedule[]> {
  const query = { volcoll_or_prottmpl_id: volumeCollectionId };
  return readRows(array.rest, scheduleSchema, '/protection_schedules/detail', query, signal);
}

/** Names of the partners that the schedules replicate to, each once. */
export function downstreamPartners(schedules: readonly Schedule[]): string[] {
  const names = schedules.map(
    ({ downstream_partner_name, downstream_partner }) => downstream_partner_name || downstream_partner || '',
  );
  return [...new Set(names.filter((name) => name !== ''))];
}
