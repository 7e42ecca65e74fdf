import { z } from 'zod';
import { foreignPlan } from '../../contract/foreign-plan.ts';
import type { AnyPresentationPlan, LunPresentationPlan } from '../../contract/lun-presentation.ts';

const detailSchema = z.object({
  family: z.literal('nimble'),
  form: z.literal(1),
  clone: z.object({
    /** As on the array. */
    name: z.string(),
    parentId: z.string(),
    snapshotId: z.string(),
  }),
  /** One initiator group for each proxy. */
  groups: z.array(z.object({ name: z.string(), initiator: z.string() })).min(1),
  portals: z.array(z.object({ address: z.string(), port: z.int() })).min(1),
});

/** Our facts in a presentation plan. JSON: it is journaled before anything is touched. */
export type PlanDetail = z.infer<typeof detailSchema>;
export type ClonePlan = PlanDetail['clone'];
export type GroupPlan = PlanDetail['groups'][number];

/** Reads the facts back from a journaled plan. */
export function detailOf(plan: LunPresentationPlan): PlanDetail {
  const parsed = detailSchema.safeParse(plan.detail);
  if (parsed.success) return parsed.data;
  throw foreignPlan(plan);
}

/** Whether other presentations use the array. */
export function isInUse(active: readonly AnyPresentationPlan[], except: string): boolean {
  return active.some(({ request }) => request.name !== except);
}

/** Initiator groups that other presentations use. */
export function groupsInUse(active: readonly AnyPresentationPlan[], except: string): ReadonlySet<string> {
  const others = active.filter(({ request }) => request.name !== except);
  const details = others.map(({ detail }) => detailSchema.safeParse(detail));
  return new Set(details.flatMap(({ data }) => data?.groups.map(({ name }) => name) ?? []));
}
