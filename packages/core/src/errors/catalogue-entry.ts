/** How bad it is for what the user wanted. */
export type Severity = 'info' | 'warning' | 'error';

/** Process exit code class of the command line (table in docs/cli.md). */
export type ExitClass =
  | 'error'
  | 'usage'
  | 'partly'
  | 'not-found'
  | 'locked'
  | 'auth'
  | 'unreachable'
  | 'refused'
  | 'damage'
  | 'cancelled';

/**
 * One entry of the error catalogue. Texts may hold `{name}` placeholders, filled from the error's details.
 * Codes are `L-<AREA>-<number>`, never reused for another meaning.
 */
export interface CatalogueEntry {
  readonly severity: Severity;
  readonly exit: ExitClass;
  /** True when repeating the same call cannot help. Decides retries. */
  readonly permanent: boolean;
  /** What happened, one sentence. */
  readonly what: string;
  /** What it means for the data. */
  readonly data: string;
  /** What the user should do next. */
  readonly next: string;
}

export type Area = Readonly<Record<string, CatalogueEntry>>;
