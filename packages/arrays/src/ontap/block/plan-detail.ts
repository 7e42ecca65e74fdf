import { z } from 'zod';
import { foreignPlan } from '../../contract/foreign-plan.ts';
import type { AnyPresentationPlan, LunPresentationPlan } from '../../contract/lun-presentation.ts';

const detailSchema = z.object({
  family: z.literal('ontap'),
  form: z.literal(1),
  svm: z.object({ uuid: z.string(), name: z.string() }),
  clone: z.object({ name: z.string(), parentUuid: z.string() }),
  /** One initiator group for each proxy. */
  groups: z.array(z.object({ name: z.string(), initiator: z.string() })).min(1),
  targetName: z.string(),
  /** Best first; `node` where LIFs tell theirs. */
  portals: z.array(z.object({ address: z.string(), port: z.int(), node: z.string().optional() })).min(1),
  /** Initiators for which we make an entry in the SVM's initiator security, and take it away again. */
  chapFor: z.array(z.string()),
  /** True when the proxies log in with CHAP, by an entry of ours or of the administrator. */
  chap: z.boolean(),
});

/** Our facts in a presentation plan. JSON without secrets: it is journaled before anything is touched. */
export type PlanDetail = z.infer<typeof detailSchema>;
export type GroupPlan = PlanDetail['groups'][number];

/** Reads the facts back from a journaled plan. */
export function detailOf(plan: LunPresentationPlan): PlanDetail {
  const parsed = detailSchema.safeParse(plan.detail);
  if (parsed.success) return parsed.data;
  throw foreignPlan(plan);
}

/** What other block presentations on the same SVM are told to make or need. */
export function othersOn(
  svmUuid: string,
  active: readonly AnyPresentationPlan[],
  except: string,
): readonly PlanDetail[] {
  return active
    .filter(({ request }) => request.name !== except)
    .flatMap(({ detail }) => detailSchema.safeParse(detail).data ?? [])
    .filter(({ svm }) => svm.uuid === svmUuid);
}
