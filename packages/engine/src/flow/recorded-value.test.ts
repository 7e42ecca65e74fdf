import { LeewardError } from '@leeward/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecorded, plainJson, recordError, recordValue, unwrapRecorded } from './recorded-value.ts';

const stored = (recorded: unknown) => parseRecorded(JSON.parse(JSON.stringify(recorded)));

test('JSON goes through unchanged, and the first execution sees what a replay sees', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
      const first = recordValue(value);
      expect(unwrapRecorded(stored(first))).toEqual(unwrapRecorded(first));
      expect(JSON.stringify(unwrapRecorded(stored(first)))).toBe(JSON.stringify(value));
    }),
  );
  expect(unwrapRecorded(stored(recordValue(undefined)))).toBeUndefined();
  expect(plainJson({ kept: null, dropped: undefined })).toEqual({ kept: null });
});

test.each([
  [new Date(0), 'Date'],
  [new Map(), 'Map'],
  [new Uint8Array(1), 'Uint8Array'],
  [1n, 'bigint'],
  [Number.NaN, 'NaN'],
  [() => 1, 'function'],
])('%s is refused, with its place', (value, word) => {
  expect(() => plainJson({ list: [{ value }] })).toThrow(new RegExp(`value\\.list\\[0\\]\\.value.*${word}`));
});

test('errors keep their code and details; strangers become L-RUN-103', () => {
  const error = new LeewardError('L-RUN-101', { wait: 'it', timeoutMs: 5, none: undefined });
  expect(() => unwrapRecorded(stored(recordError(error)))).toThrow(error);
  expect(() => unwrapRecorded(stored(recordError(new Error('strange'))))).toThrow(/L-RUN-103.*strange/);
  const later = parseRecorded({ ok: false, error: { code: 'L-NEW-999', details: {} } });
  expect(() => unwrapRecorded(later)).toThrow(/L-NEW-999/);
});
