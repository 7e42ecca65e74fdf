import { z } from 'zod';
import { foreignPlan } from '../../contract/foreign-plan.ts';
import type { PresentationPlan } from '../../contract/presentation.ts';

const plannedRuleSchema = z.object({ policyId: z.int(), policyName: z.string(), address: z.string() });

const cloneSchema = z.object({
  /** Also the name of its export policy. */
  name: z.string(),
  path: z.string(),
  parentUuid: z.string(),
});

const detailSchema = z.object({
  form: z.literal(1),
  svm: z.object({ uuid: z.string(), name: z.string() }),
  rules: z.array(plannedRuleSchema),
  clone: cloneSchema.optional(),
  /** Data ports, best first. */
  addresses: z.array(z.string()).min(1),
  nfsPort: z.int().optional(),
  mountPort: z.int().optional(),
  exportPath: z.string(),
  rootPath: z.string(),
});

/** Our facts in a presentation plan. JSON: it is journaled before anything is touched. */
export type PlanDetail = z.infer<typeof detailSchema>;

/** Reads the facts back from a journaled plan. */
export function detailOf(plan: PresentationPlan): PlanDetail {
  const parsed = detailSchema.safeParse(plan.detail);
  if (parsed.success) return parsed.data;
  throw foreignPlan(plan);
}
