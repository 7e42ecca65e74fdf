import { isError } from '@leeward/core';
import { refusedWith } from '../../rest/refused.ts';

/** Answers to a look-up by an id that cannot be one of this group. */
const notAnIdCodes = new Set(['SM_invalid_path_variable', 'SM_invalid_arg_value', 'SM_invalid_query_param']);

/** What a look-up by id finds, or `undefined` where there is no such object. */
export async function orGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isError(error, 'L-ARR-009') || refusedWith(error, notAnIdCodes)) return undefined;
    throw error;
  }
}
