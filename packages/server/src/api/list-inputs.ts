import { z } from 'zod';
import { pageQuery } from './paging.ts';

const text = z.string().min(1).max(500);
const time = z.iso.datetime();
const job = text.optional().describe('Name or id of a job');
const jobId = text.optional().describe('Id of a job, also of one that was removed');
const find = text.optional().describe('Part of the name or inventory path of a VM, whatever the case');
const source = z.enum(['secondary', 'primary', 'standard']);

/** One of several, comma separated. */
const runState = z.enum(['queued', 'running', 'success', 'partly', 'failed', 'cancelled']);

/** Queries of lists: their filters, and the page. */
export const listRuns = z.strictObject({
  job,
  jobId,
  kind: z.enum(['backup', 'restore']).optional(),
  state: runState.optional(),
  since: time.optional().describe('Started from this time on'),
  until: time.optional().describe('Started before this time'),
  ...pageQuery,
});

export const listPoints = z.strictObject({
  vm: text.optional().describe('Exactly the name, inventory path or key of a VM'),
  find,
  job,
  jobId,
  runId: text.optional(),
  repository: text.optional().describe('Name or id of a repository'),
  source: source.optional(),
  since: time.optional().describe('Stand for this time or a later one'),
  until: time.optional().describe('Stand for an earlier time'),
  ...pageQuery,
});

const withinHours = z.coerce
  .number()
  .int()
  .min(1)
  .max(87_600)
  .optional()
  .describe('A copy that is not older is in time; 24 where left out');

export const countVms = z.strictObject({ withinHours });

export const listVms = z.strictObject({
  vm: text.optional().describe('Exactly the name, inventory path, key or managed object id'),
  find,
  job,
  vcenter: text.optional().describe('Name or id of a vCenter'),
  datastore: text.optional().describe('Name of a datastore that a disk lies on'),
  array: text.optional().describe('Name of an array that the VM lies on, or that its relations lead to'),
  protection: z.enum(['in-time', 'late', 'never']).optional(),
  templates: z
    .enum(['true', 'false'])
    .transform((given) => given === 'true')
    .optional()
    .describe('Whether templates are listed; `true` where left out'),
  withinHours,
  ...pageQuery,
});

export const listTopology = z.strictObject({
  vm: z
    .union([text, z.array(text).min(1).max(100)])
    .optional()
    .describe('Exactly the name, inventory path, key or managed object id of a VM; several: given again'),
  find: text.optional().describe('Part of the name of a VM, datastore, volume, array or proxy'),
  datastore: text.optional().describe('Name of a datastore'),
  array: text.optional().describe('Name of an array that a path of the VM touches'),
  ...pageQuery,
  limit: pageQuery.limit.describe('VMs of a page, of which each may have several paths: 100 where left out'),
});
