import {
  asLeewardError,
  type ErrorDetails,
  type ErrorReport,
  isErrorCode,
  LeewardError,
  reportOf,
} from '@leeward/core';
import { z } from 'zod';

/** How an operation or a flow ended, as it is stored. A missing `value` stands for `undefined`. */
export type Recorded =
  | { readonly ok: true; readonly value?: unknown }
  | { readonly ok: false; readonly error: RecordedError };

export interface RecordedError {
  readonly code: string;
  readonly details: ErrorDetails;
}

const recordedErrorSchema = z.object({
  code: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.undefined()])),
});

const recordedSchema = z.union([
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), error: recordedErrorSchema }),
]);

export function recordValue(value: unknown): Recorded {
  return value === undefined ? { ok: true } : { ok: true, value: plainJson(value) };
}

export function recordError(error: unknown): Recorded {
  const { code, details } = asLeewardError(error);
  return { ok: false, error: { code, details: { ...details } } };
}

/** Checks what comes from the database. */
export function parseRecorded(stored: unknown): Recorded {
  return recordedSchema.parse(stored);
}

/** The value, or the error thrown. */
export function unwrapRecorded(recorded: Recorded): unknown {
  if (recorded.ok) return recorded.value;
  throw reviveError(recorded.error);
}

export function reviveError({ code, details }: RecordedError): LeewardError {
  if (isErrorCode(code)) return new LeewardError(code, details);
  return new LeewardError('L-RUN-103', {
    ...details,
    message: `error ${code} of another version of Leeward`,
  });
}

export function reportRecordedError(error: RecordedError): ErrorReport {
  return reportOf(reviveError(error));
}

/**
 * A copy of a value after its way through JSON. Throws for everything that JSON would change silently: it would
 * be one thing at the first execution and another one in a replay.
 */
export function plainJson(value: unknown, place = 'value'): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    // JSON has no negative zero.
    if (Number.isFinite(value)) return value === 0 ? 0 : value;
    throw new TypeError(`${place} is ${value}, which JSON does not have`);
  }
  if (Array.isArray(value)) return value.map((item, at) => plainJson(item ?? null, `${place}[${at}]`));
  if (typeof value !== 'object') throw new TypeError(`${place} is a ${typeof value}, not JSON`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(
      `${place} is an instance of ${value.constructor?.name ?? 'a class'}, not a plain object`,
    );
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plainJson(member, `${place}.${name}`)]));
}
