import type { ErrorReport } from '@leeward/core';

/** What users are shown of an error: its code, what happened, what it means for the data, what to do next. */
export type Report = Pick<ErrorReport, 'what' | 'data' | 'next'> & { readonly code: string };

/** A request that the server answered with a problem, or that did not reach it. */
export class ApiProblem extends Error {
  readonly report: Report;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;

  constructor(report: Report, status: number) {
    super(`${report.code} ${report.what}`);
    this.report = report;
    this.status = status;
  }
}

const unreachable: Report = {
  code: 'unreachable',
  what: 'The server does not answer.',
  data: 'Nothing was changed by this page. Runs go on in the server, whether it can be reached from here or not.',
  next: 'Look whether the server runs (leeward server status) and whether the network lets you reach it. The page tries again by itself.',
};

export function noAnswer(): ApiProblem {
  return new ApiProblem(unreachable, 0);
}

/** What a failed request was answered with, as a problem; answers that are none of ours too. */
export function problemOf(content: unknown, status: number): ApiProblem {
  const field = (name: string) => {
    const value = typeof content === 'object' && content !== null ? Object.entries(content) : [];
    const found = value.find(([key]) => key === name)?.[1];
    return typeof found === 'string' ? found : undefined;
  };
  return new ApiProblem(
    {
      code: field('code') ?? `HTTP ${status}`,
      what: field('what') ?? `The request was answered with status ${status}.`,
      data: field('data') ?? 'It is not known whether the request changed something.',
      next: field('next') ?? 'Load the page anew; if it stays, look into the log of the server.',
    },
    status,
  );
}

/** Anything thrown, as what users are shown. */
export function reportOf(error: unknown): Report {
  if (error instanceof ApiProblem) return error.report;
  return {
    code: 'console',
    what: `The console made a mistake: ${error instanceof Error ? error.message : String(error)}`,
    data: 'No data was touched by it.',
    next: 'Load the page anew; if it stays, please report it.',
  };
}
