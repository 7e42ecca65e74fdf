import type { Role } from './session.ts';

/** Jobs by name or pattern: `prod-*`. */
export interface JobScope {
  readonly jobs: readonly string[];
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Limited to these jobs; missing: not limited. */
  readonly scope?: JobScope;
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly signedInAt?: string;
}

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly readOnly: boolean;
  /** Limited to jobs that are in all of these. */
  readonly scopes?: readonly JobScope[];
  /** Missing: made by the owner of the data folder. */
  readonly owner?: { readonly id: string; readonly name: string };
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly usedAt?: string;
}

/** The secret is in this answer and in no other one. */
export interface CreatedToken extends ApiToken {
  readonly token: string;
}

/** One change that somebody asked for. */
export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly caller: { readonly kind: 'local' | 'user' | 'token' | 'server' | 'nobody'; readonly name: string };
  readonly address: string;
  readonly operation: string;
  readonly kind: string;
  readonly object?: string;
  readonly fields: readonly string[];
  readonly before?: object;
  readonly after?: object;
  readonly outcome: 'done' | 'refused' | 'failed' | 'unknown';
  readonly code?: string;
}
