import { catalogue, type ErrorCode } from './catalogue.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';

export type ErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/** An error from the catalogue. `details` fill the texts and are shown to users: never put a secret there. */
export class LeewardError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, cause?: unknown) {
    super(`${code} ${fillTemplate(catalogue[code].what, details)}`, { cause });
    this.name = 'LeewardError';
    this.code = code;
    this.details = details;
  }

  get entry(): CatalogueEntry {
    return catalogue[this.code];
  }
}

/** What the API, the journal and `--json` show of an error. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly severity: string;
  readonly what: string;
  readonly data: string;
  readonly next: string;
  readonly details: ErrorDetails;
}

export function reportOf(error: unknown): ErrorReport {
  const known = asLeewardError(error);
  const { severity, what, data, next } = known.entry;
  const { code, details } = known;
  const fill = (text: string) => fillTemplate(text, details);
  return { code, severity, what: fill(what), data: fill(data), next: fill(next), details };
}

/** Anything thrown, as an error of the catalogue; what is unknown becomes `L-RUN-103` with its cause kept. */
export function asLeewardError(error: unknown): LeewardError {
  if (error instanceof LeewardError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new LeewardError('L-RUN-103', { message }, error);
}

/** True when repeating cannot help. Foreign errors count as passing: only the catalogue knows better. */
export function isPermanent(error: unknown): boolean {
  return error instanceof LeewardError && error.entry.permanent;
}

export function isError(error: unknown, code: ErrorCode): error is LeewardError {
  return error instanceof LeewardError && error.code === code;
}

function fillTemplate(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? 'unknown'));
}
