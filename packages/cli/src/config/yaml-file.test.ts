import { describe, expect, it } from 'vitest';
import { fromYaml, toYaml } from './yaml-file.ts';

describe('a configuration as YAML', () => {
  it('is read as plain values, JSON included, and written so that it is read the same', () => {
    const document = {
      apiVersion: 'leeward/v1',
      jobs: [{ name: 'no', vms: ['010', 'a: b', 'ü\n'], keep: 7 }],
    };
    expect(fromYaml(toYaml(document), 'f')).toEqual(document);
    expect(fromYaml(JSON.stringify(document), 'f')).toEqual(document);
    const shared = { name: 'x' };
    expect(toYaml({ a: shared, b: shared })).not.toMatch(/[&*]/);
  });

  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi']
    .map((name, at) => {
      const before = 'abcdefgh'[at];
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`;
    })
    .join('\n')}`;

  it.each([
    ['a tag of its own', 'a: !!js/function "function() {}"'],
    ['another tag', 'a: !secret x'],
    ['a key twice', 'a: 1\na: 2'],
    ['several documents', 'a: 1\n---\nb: 2'],
    ['no YAML', 'a: [1'],
    ['aliases without end', bomb],
    ['an alias of nothing', 'a: *b'],
  ])('is refused with %s', (_what, text) => {
    expect(() => fromYaml(text, 'leeward.yml')).toThrow(
      expect.objectContaining({
        code: 'L-CFG-103',
        message: expect.stringContaining('leeward.yml is not valid YAML'),
      }),
    );
  });
});
