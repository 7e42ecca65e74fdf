import { z } from 'zod';

const faultAction = z.discriminatedUnion('kind', [
  /** The call (or, with stage `task`, the task) ends with this fault of the API. */
  z.object({
    kind: z.literal('fault'),
    type: z.string(),
    properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
    message: z.string().default('Injected by the lab.'),
  }),
  /** Plain HTTP error, as proxies and overloaded servers answer. */
  z.object({
    kind: z.literal('status'),
    status: z.number().int().min(400).max(599),
    message: z.string().default('injected by the lab'),
  }),
  z.object({ kind: z.literal('delay'), delayMs: z.number().min(0) }),
  /** Destroys the client's connection; of a file's answer, behind so many bytes of its body. */
  z.object({ kind: z.literal('cut'), afterBytes: z.number().int().min(0).default(0) }),
  /** As a host answers for a file that a running VM, or another host, holds. */
  z.object({ kind: z.literal('locked') }),
]);

/** One thing that goes wrong, in the words of the vCenter door alone; `wordedFaultSchema` has those of all doors. */
export const faultRuleSchema = z.object({
  /** Name of an API method as on the wire; or leave out and give `path`. */
  method: z.string().optional(),
  /** Beginning of an HTTP path, `/folder/`. */
  path: z.string().optional(),
  /** Only for files at this door: `vcenter`, or the name of a host. */
  origin: z.string().optional(),
  /** Only for this VM (moid, name or instance UUID). */
  vm: z.string().optional(),
  /** `before` acting, `after` acting (the answer is lost or spoiled), or inside the `task` that a method starts. */
  stage: z.enum(['before', 'after', 'task']).default('before'),
  action: faultAction,
  /**
   * Fires from the n-th matching call on (1 = the first). A quiesced VMware snapshot with VSS writers is two occasions
   * of stage `task`: before the disks are frozen, and when the writers have written.
   */
  nth: z.number().int().min(1).default(1),
  /** How often it fires; 0 = until removed. */
  times: z.number().int().min(0).default(1),
});

export type FaultRule = z.infer<typeof faultRuleSchema>;
export type FaultRuleInput = z.input<typeof faultRuleSchema>;

/** What is done; `begin` of a cut MUST be called with it: what else goes away then. */
export type FaultAction =
  | Exclude<FaultRule['action'], { kind: 'cut' }>
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly begin?: () => void }
  /** Never answers. */
  | { readonly kind: 'hang' };

export type FaultStage = FaultRule['stage'];

export interface Occasion {
  readonly method?: string;
  readonly path?: string;
  readonly origin?: string;
  /** All names under which the VM concerned may be given. */
  readonly vmNames?: readonly string[];
}
