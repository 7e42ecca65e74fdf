import { type ErrorReport, errorCodes } from '@leeward/core';
import { z } from 'zod';
import { exitClasses, type Problem } from '../problem.ts';
import { named } from './named.ts';

const reportFields = {
  code: z.enum(errorCodes).describe('Code of the error catalogue, docs/errors.md'),
  severity: z.string().describe('`info`, `warning` or `error`'),
  what: z.string().describe('What happened'),
  data: z.string().describe('What it means for the data'),
  next: z.string().describe('What to do next'),
  details: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('What the texts were filled with'),
};

/** An error of the catalogue, as it stands in runs, plans and checks. */
export const errorReport = named('ErrorReport', z.object(reportFields) satisfies z.ZodType<ErrorReport>);

/** What every failed request is answered with, as `application/problem+json`. */
export const problem = named(
  'Problem',
  z.object({
    type: z.string().describe('`urn:leeward:error:` and the code'),
    title: z.string().describe('The same as `what`'),
    status: z.int().min(400).max(599),
    exit: z.enum(exitClasses).describe('Class of the exit code of the command line, docs/cli.md'),
    ...reportFields,
  }) satisfies z.ZodType<Problem>,
);
