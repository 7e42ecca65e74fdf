import { describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { type BodySpec, readArguments, readMetadata, updateMetadata } from './body.ts';

const spec: BodySpec = {
  name: { kind: 'name', required: true },
  flag: 'boolean',
  size: 'integer',
  scope: ['volume', 'group'],
  id: 'id',
  metadata: 'metadata',
};

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
  return 'none';
}

describe('arguments', () => {
  test('texts of booleans and numbers become their own type; null counts as absent', () => {
    const read = readArguments(spec, { name: 'a:b.c-1', flag: 'true', size: '12', scope: 'group', id: null });
    expect(read).toEqual({ name: 'a:b.c-1', flag: true, size: 12, scope: 'group' });
  });

  test.each([
    [{}, 'SM_missing_arg'],
    [{ name: null }, 'SM_missing_arg'],
    [{ name: 'x', other: 1 }, 'SM_unexpected_arg'],
    [{ name: '-x' }, 'SM_invalid_arg_value'],
    [{ name: 'under_score' }, 'SM_invalid_arg_value'],
    [{ name: 'x'.repeat(216) }, 'SM_invalid_arg_value'],
    [{ name: 'x'.repeat(215) }, 'none'],
    [{ name: 'x', flag: 'yes' }, 'SM_invalid_arg_value'],
    [{ name: 'x', size: -1 }, 'SM_invalid_arg_value'],
    [{ name: 'x', size: 1.5 }, 'SM_invalid_arg_value'],
    [{ name: 'x', scope: 'pool' }, 'SM_invalid_arg_value'],
    [{ name: 'x', id: 'xyz' }, 'SM_invalid_arg_value'],
    [{ name: 'x', id: '' }, 'none'],
    [{ name: 'x', metadata: { key: 'a' } }, 'SM_invalid_arg_value'],
  ])('%j: %s', (data, code) => {
    expect(refusal(() => readArguments(spec, data))).toBe(code);
  });

  test('metadata', () => {
    expect(refusal(() => readMetadata([{ key: 'a', value: '' }]))).toBe('SM_invalid_arg_value');
    const metadata = readMetadata([{ key: 'a', value: '1' }]);
    updateMetadata(metadata, [
      { key: 'a', value: '' },
      { key: 'b', value: '2' },
    ]);
    expect([...metadata]).toEqual([['b', '2']]);
  });
});
