import { z } from 'zod';
import { problem } from './answers/problem-answer.ts';

/** What the API description says of a route, beside the schemas of its input. */
export interface About<Input extends object> {
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
  tag: string,
  summary: string,
  answer: z.ZodType,
  input?: Input,
): About<Input> {
  const done = { description: summary, content: { 'application/json': { schema: answer } } };
  const response: Answers = { 200: done, default: failed };
  return { schema: { tags: [tag], summary, response, ...input } as About<Input>['schema'] };
}

/** The answer of a route that lists. */
export function listOf(schema: z.ZodType): z.ZodType {
  return z.array(schema);
}
