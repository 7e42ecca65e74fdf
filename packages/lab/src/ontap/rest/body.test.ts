import { describe, expect, test } from 'vitest';
import { Contract } from '../contract/contract.ts';
import { readBody } from './body.ts';
import { RestError } from './rest-error.ts';

const contract = new Contract([9, 12, 1]);
const read = (body: unknown, definition = 'volume') =>
  readBody(contract, JSON.stringify(body), definition, 'POST');

function codeOf(work: () => unknown): number {
  try {
    work();
  } catch (error) {
    if (error instanceof RestError) return error.code;
  }
  return 0;
}

describe('request bodies', () => {
  test('dotted keys, text for numbers and truths, lists from dotted keys', () => {
    expect(read({ 'svm.name': 'a', svm: { uuid: 'b' }, size: '7', 'clone.is_flexclone': 'True' })).toEqual({
      svm: { name: 'a', uuid: 'b' },
      size: 7,
      clone: { is_flexclone: true },
    });
    expect(read({ 'aggregates.name': ['x', 'y'] })).toEqual({ aggregates: [{ name: 'x' }, { name: 'y' }] });
    expect(read({ clients: { match: 'a' }, ro_rule: 'sys' }, 'export_rule')).toEqual({
      clients: [{ match: 'a' }],
      ro_rule: ['sys'],
    });
  });

  test('refusals with the array’s codes', () => {
    expect(codeOf(() => read({ nonsense: 1 }))).toBe(262197);
    expect(codeOf(() => read({ type: 'wrong' }))).toBe(262197);
    expect(codeOf(() => read({ size: 'big' }))).toBe(262247);
    expect(codeOf(() => read({ uuid: 'a' }))).toBe(262196);
    expect(codeOf(() => read({ 'svm.name': 'a', svm: { name: 'b' } }))).toBe(262188);
    expect(codeOf(() => read([]))).toBe(262200);
    expect(codeOf(() => read({ clone: { has_flexclone: true } }))).toBe(262197);
    expect(codeOf(() => read({ expiry_time: 'soon' }, 'snapshot'))).toBe(262245);
  });
});
