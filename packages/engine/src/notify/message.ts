import { type ErrorReport, messageSeverities, topics } from '@leeward/core';
import { z } from 'zod';

const problemSchema = z.object({
  code: z.string(),
  severity: z.string(),
  what: z.string(),
  data: z.string(),
  next: z.string(),
  /** Of the VM that it is about. */
  vm: z.string().optional(),
});

/** Something that people are to hear of. JSON, without secrets. */
export const messageSchema = z.object({
  /** The same for the same event: `run-ID` and so on. */
  id: z.string(),
  topics: z.array(z.enum([...topics, 'test'])),
  severity: z.enum(messageSeverities),
  /** One line. */
  title: z.string(),
  /** The most important facts as plain text. */
  lines: z.array(z.string()),
  /** ISO. */
  at: z.string(),
  job: z.object({ id: z.string(), name: z.string() }).optional(),
  runId: z.string().optional(),
  /** With `digest`: the day of the report, `YYYY-MM-DD`. */
  date: z.string().optional(),
  problems: z.array(problemSchema),
  /** Into the console. Missing: its address is not known. */
  links: z.array(z.object({ title: z.string(), url: z.string() })).optional(),
});

export type Message = z.infer<typeof messageSchema>;
export type MessageProblem = z.infer<typeof problemSchema>;

export function problemFrom({ code, severity, what, data, next }: ErrorReport, vm?: string): MessageProblem {
  return { code, severity, what, data, next, ...(vm === undefined ? {} : { vm }) };
}

/** The message as plain text, without its title. */
export function messageText({ lines, problems, links = [] }: Message): string {
  const told = problems.flatMap(({ code, vm, what, data, next }) => [
    '',
    `${code}${vm === undefined ? '' : `  ${vm}`}`,
    `  ${what}`,
    `  Your data: ${data}`,
    `  What to do: ${next}`,
  ]);
  const ways = links.map(({ title, url }) => `${title}: ${url}`);
  return [...lines, ...told, ...(ways.length > 0 ? ['', ...ways] : [])].join('\n');
}
