import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { channelEntry } from './channel-entry.ts';
import { addArray, addRepository, addVcenter, createJob, editJob, editSettings } from './inputs.ts';

/** Where a secret is taken from by who applies the document; never the secret itself. */
const passwordFrom = z
  .union([
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable') }),
    z.strictObject({ file: z.string().refine(isAbsolute, 'must be an absolute path') }),
  ])
  .optional();

const account = { username: z.string().min(1), passwordFrom };
const chap = z
  .strictObject({ ...account, mutual: z.strictObject(account).optional() })
  .nullable()
  .optional();
const { preferredArrays, secondaryKeepDays, primaryKeep, primaryKeepDays } = editJob.shape;
const { preScript, postScript, vmwareSnapshotBudgetMs } = editJob.shape;
const mostOfAKind = 1_000;
const channel = channelEntry(passwordFrom);

/** The inputs of the operations that make these objects, with places of secrets instead of secrets. */
export const configurationDocument = z.strictObject({
  apiVersion: z.literal('leeward/v1'),
  vcenters: z
    .array(addVcenter.omit({ password: true }).extend({ passwordFrom }))
    .max(mostOfAKind)
    .optional(),
  arrays: z
    .array(addArray.omit({ password: true, chap: true }).extend({ passwordFrom, chap }))
    .max(mostOfAKind)
    .optional(),
  repositories: z
    .array(addRepository.omit({ password: true }).extend({ passwordFrom }))
    .max(mostOfAKind)
    .optional(),
  jobs: z
    .array(
      createJob.extend({
        ...{ preferredArrays, secondaryKeepDays, primaryKeep, primaryKeepDays },
        ...{ preScript, postScript, vmwareSnapshotBudgetMs },
        schedule: createJob.shape.schedule.unwrap().nullable().optional(),
      }),
    )
    .max(mostOfAKind)
    .optional(),
  channels: z.array(channel).max(mostOfAKind).optional(),
  settings: editSettings.optional(),
});
