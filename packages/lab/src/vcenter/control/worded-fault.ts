import { z } from 'zod';
import { cutAction, delayAction, downAction, nowFault, turnsShape } from '../../control/turns-schema.ts';
import { wildcardsMeet } from '../../control/wildcard.ts';
import { methodNames } from '../schema/methods.ts';
import { isSubtype, membersOf } from '../schema/type-table.ts';

const hangAction = z.object({ kind: z.literal('hang') });

const message = 'fault of the lab';

/** A fault of the API by the name of its type (`code`); with a `status` and no `code`, a plain HTTP error. */
const refuseCall = z.object({
  kind: z.literal('refuse'),
  status: z.number().int().min(400).max(599).optional(),
  code: z.string().optional(),
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  message: z.string().default(message),
});
export type RefuseCall = z.infer<typeof refuseCall>;

const calledShape = {
  /** Name of an API method; `*` stands for anything. Absent: all. */
  method: z.string().optional(),
  /** Only for this VM (moid, name or instance UUID). */
  vm: z.string().optional(),
  ...turnsShape,
};

/** Calls of the API. */
const soapFault = z.object({
  at: z.literal('soap'),
  ...calledShape,
  action: z.discriminatedUnion('kind', [refuseCall, delayAction, cutAction, hangAction, downAction]),
});

/** Inside the tasks that calls start. */
const taskFault = z.object({
  at: z.literal('task'),
  ...calledShape,
  action: z.discriminatedUnion('kind', [refuseCall, delayAction, downAction]),
});

/** Reads of datastore files over `/folder`. */
const fileFault = z.object({
  at: z.literal('file'),
  /** `*` stands for anything. Without host and query: `/folder/web-01/web-01-flat.vmdk`. */
  path: z.string().default('*'),
  /** Only at this door: `vcenter`, or the name of a host. */
  origin: z.string().optional(),
  ...turnsShape,
  action: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('refuse'),
      status: z.number().int().min(400).max(599).default(503),
      message: z.string().default(message),
    }),
    delayAction,
    /** `after`: so many bytes of the file arrive first. */
    cutAction.extend({ afterBytes: z.number().int().min(1).default(1) }),
    hangAction,
    downAction,
  ]),
});

/** One thing that goes wrong, in the words that all doors of the lab understand. */
export const wordedFaultSchema = z
  .discriminatedUnion('at', [soapFault, taskFault, fileFault, nowFault])
  .superRefine((fault, context) => {
    if (fault.at !== 'soap' && fault.at !== 'task') return;
    for (const problem of problemsOf(fault)) context.addIssue({ code: 'custom', message: problem });
  });
export type WordedFault = z.infer<typeof wordedFaultSchema>;

function problemsOf(fault: Extract<WordedFault, { at: 'soap' | 'task' }>): string[] {
  const { method, action } = fault;
  const problems: string[] = [];
  const names = methodNames().filter((name) => fault.at === 'soap' || name.endsWith('_Task'));
  if (method !== undefined && !names.some((name) => meets(method, name)))
    problems.push(`no ${fault.at === 'task' ? 'task' : 'method'} of the API is called "${method}"`);
  if (action.kind !== 'refuse') return problems;
  const { code, status, properties } = action;
  if (fault.at === 'task' && status !== undefined)
    problems.push('a task ends with a fault, not with a status');
  if (code === undefined) return problems;
  if (!isSubtype(code, 'MethodFault')) return [...problems, `"${code}" is no fault of the API`];
  const known = membersOf(code).map(({ name }) => name);
  for (const name of Object.keys(properties))
    if (!known.includes(name)) problems.push(`${code} has no property "${name}"`);
  return problems;
}

function meets(pattern: string, name: string): boolean {
  return wildcardsMeet(pattern.toLowerCase(), name.toLowerCase());
}
