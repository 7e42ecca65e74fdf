import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uidOf, uidOfPartner } from '../group.ts';
import { parseJson } from './parse-json.ts';

describe('JSON of the array', () => {
  it('keeps 64-bit ids exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: (1n << 64n) - 1n }), (uid) => {
        const hex = uid.toString(16).padStart(16, '0');
        for (const number of [uid, BigInt.asIntN(64, uid)]) {
          const parsed = parseJson(`{"partner_group_uid":${number}}`);
          expect(uidOfPartner(Object(parsed).partner_group_uid as string | number)).toBe(hex);
          // As a text, 16 digits are those of the uid itself.
          const text = number.toString();
          expect(uidOfPartner(text)).toBe(text.length === 16 && number > 0n ? text : hex);
        }
      }),
      { examples: [10n ** 15n, 2n ** 53n - 1n, 2n ** 53n, 10n ** 16n - 1n, 1n << 63n].map((uid) => [uid]) },
    );
  });

  it('is otherwise what JSON.parse says, and undefined for what is not JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
    expect(parseJson('<html>')).toBeUndefined();
  });

  it('tells the uid in ids and in what partners say', () => {
    expect(uidOf('0025dab4ed8948f2e0000000000000000000000001')).toBe('25dab4ed8948f2e0');
    expect(uidOf('something else')).toBe('something else');
    expect(uidOfPartner('25DAB4ED8948F2E0')).toBe('25dab4ed8948f2e0');
    for (const nothing of [null, undefined, '', 0, '0', 'grp']) expect(uidOfPartner(nothing)).toBeUndefined();
  });
});
