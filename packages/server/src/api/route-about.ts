import type { Role } from '@leeward/core/access/role';
import { z } from 'zod';
import { problem } from './answers/problem-answer.ts';

/** The role that an operation needs; `anyone` is also who is not signed in. */
export type Access = Role | 'anyone';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: Access;
    /** What the operation is about, in one word. */
    readonly kind?: string;
    /** False: nothing is changed, whatever the method. Changes leave a trace in the audit trail. */
    readonly changes?: boolean;
  }
}

/** What the API description says of a route, beside the schemas of its input; and who may call it. */
export interface About<Input extends object> {
  readonly config: { readonly access: Access; readonly kind: string; readonly changes: boolean };
  readonly schema: Input & {
    readonly tags: string[];
    readonly summary: string;
    readonly response: Answers;
  };
}

/**
 * By status. The handlers are typed by the services, not by these schemas; tests hold what the API really answers
 * against them.
 */
export interface Answers {
  readonly 200: Answer;
  readonly default: Answer;
}

interface Answer {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType<unknown> }>>;
}

const failed: Answer = {
  description: 'Failed: problem details (RFC 9457) with the entry of the error catalogue',
  content: { 'application/problem+json': { schema: problem } },
};

export function about<Input extends object = object>(
  access: Access,
  tag: string,
  summary: string,
  answer: z.ZodType,
  input?: Input,
): About<Input> {
  const done = { description: summary, content: { 'application/json': { schema: answer } } };
  const response: Answers = { 200: done, default: failed };
  const schema = { tags: [tag], summary, response, ...input } as About<Input>['schema'];
  return { config: { access, kind: tag, changes: true }, schema };
}

/** For what is asked by another method than GET and changes nothing all the same. */
export function changesNothing<Input extends object>({ config, schema }: About<Input>): About<Input> {
  return { config: { ...config, changes: false }, schema };
}

/** The answer of a route that lists. */
export function listOf(schema: z.ZodType): z.ZodType {
  return z.array(schema);
}
