/**
 * One request and what came of it, for tests and audits. Holds no credentials: headers are never part of it,
 * and no body that the driver sends or reads carries a secret.
 */
export interface RestExchange {
  readonly method: string;
  /** With the `/api` prefix and the query. */
  readonly path: string;
  readonly requestBody?: unknown;
  /** Absent when no answer came. */
  readonly status?: number;
  readonly responseBody?: unknown;
  /** Why no answer came. */
  readonly failure?: string;
}

export type RestObserver = (exchange: RestExchange) => void;
