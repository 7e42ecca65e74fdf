import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { yaml } from './yaml.ts';

it('is read by a reader of YAML as what it was', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('yes', '0 22 * * *', '1e3', '~', 'daily at 22:00', '- a', 'a: b'),
  );
  const leaf = fc.oneof(text, fc.integer(), fc.boolean());
  const value = fc.letrec((tie) => ({
    node: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('node'), { maxLength: 3 }), tie('table')),
    table: fc.dictionary(
      fc.stringMatching(/^[a-z][a-zA-Z]{0,8}$/).filter((key) => key !== 'y' && key !== 'n'),
      tie('node'),
      { maxKeys: 4 },
    ),
  })).table;
  fc.assert(
    fc.property(value, (each) => {
      expect(parse(yaml(each).trimStart())).toEqual({ ...(each as object) });
    }),
  );
});

it('reads well', () => {
  expect(
    yaml({
      jobs: [{ name: 'nightly', vms: ['/DC1/vm/web-01'], schedule: { cron: '0 22 * * *' } }],
    }).trimStart(),
  ).toBe(
    'jobs:\n  - name: nightly\n    vms:\n      - /DC1/vm/web-01\n    schedule:\n      cron: "0 22 * * *"',
  );
});
