import type { FlowContext } from './flow.ts';

/**
 * A flow as others see it: enough to start it and to understand its result. The process that starts a flow need
 * not be able to run it.
 */
export interface FlowReference<I, O> {
  /** Unique; part of what is stored: never renamed while flows of that name are unfinished. */
  readonly name: string;
  /** Checks an input that comes from the database. Throws when it does not fit. */
  parseInput?(value: unknown): I;
  /** Checks a result that comes from the database. Throws when it does not fit. */
  parseOutput?(value: unknown): O;
}

export interface FlowDefinition<I, O> extends FlowReference<I, O> {
  run(context: FlowContext, input: I): Promise<O>;
}

/** Any flow, for registering. */
export type AnyFlow = FlowDefinition<unknown, unknown>;
