/** What is shown of an error: code where it has one, what happened, what it means for the data, what to do next. */
export interface ShownProblem {
  readonly code?: string;
  readonly what: string;
  readonly data: string;
  readonly next: string;
}

/** The three lines of a problem. */
export function problemLines({ code, what, data, next }: ShownProblem, indent = ''): string[] {
  return [
    `${indent}${code === undefined ? '' : `${code} `}${what}`,
    `${indent}  data  ${data}`,
    `${indent}  next  ${next}`,
  ];
}
