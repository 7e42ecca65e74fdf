import { LeewardError } from '@leeward/core';
import { z } from 'zod';

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; missing on the last one. */
  readonly next?: string;
}

export const pageLimits = { default: 100, most: 500 } as const;

type Key = readonly (string | number)[];

/**
 * Pages of one list by the key of their last entry, so that what comes and goes meanwhile neither repeats nor hides
 * entries. A cursor is opaque to who gets it and says no more than a place in the order; who sends one may see what they
 * may see without. It is checked, not signed.
 */
export class Pages<K extends Key> {
  readonly #list: string;
  readonly #schema: z.ZodType<readonly [string, ...K]>;

  constructor(list: string, key: { readonly [I in keyof K]: z.ZodType<K[I]> }) {
    this.#list = list;
    const parts = [z.literal(list), ...key] as unknown as Parameters<typeof z.tuple>[0];
    this.#schema = z.tuple(parts) as unknown as z.ZodType<readonly [string, ...K]>;
  }

  /** Rows to ask for: one more than shown tells whether there are more. */
  rows({ limit = pageLimits.default }: PageRequest): number {
    return limit + 1;
  }

  /** The key after which the page begins. Throws `L-API-101`. */
  after({ cursor }: PageRequest): K | undefined {
    if (cursor === undefined) return undefined;
    const [, ...key] = this.#decoded(cursor);
    return key as unknown as K;
  }

  page<T>(found: readonly T[], { limit = pageLimits.default }: PageRequest, keyOf: (entry: T) => K): Page<T> {
    const items = found.slice(0, limit);
    const last = items.at(-1);
    if (found.length <= limit || last === undefined) return { items };
    return { items, next: Buffer.from(JSON.stringify([this.#list, ...keyOf(last)])).toString('base64url') };
  }

  #decoded(cursor: string): readonly [string, ...K] {
    let content: unknown;
    try {
      content = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    } catch (error) {
      throw new LeewardError('L-API-101', { problem: 'it cannot be read.' }, error);
    }
    if (Array.isArray(content) && typeof content[0] === 'string' && content[0] !== this.#list)
      throw new LeewardError('L-API-101', { problem: `it is of the list of ${content[0].slice(0, 20)}.` });
    const parsed = this.#schema.safeParse(content);
    if (!parsed.success) throw new LeewardError('L-API-101', { problem: 'it names no place in the list.' });
    return parsed.data;
  }
}

/** ISO times in keys. */
export const timeKey: z.ZodType<string> = z.iso.datetime();
/** Ids and names in keys. */
export const textKey: z.ZodType<string> = z
  .string()
  .max(2_000)
  .refine((text) => !text.includes('\0'));
