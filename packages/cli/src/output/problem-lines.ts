import type { ErrorReport } from '@leeward/core';

/** The three lines of a problem: code and what happened, what it means for the data, what to do next. */
export function problemLines(
  { code, what, data, next }: Pick<ErrorReport, 'code' | 'what' | 'data' | 'next'>,
  indent = '',
): string[] {
  return [`${indent}${code} ${what}`, `${indent}  data  ${data}`, `${indent}  next  ${next}`];
}
