import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PduError } from './pdu-error.ts';
import { parsePortalAddress, portalText } from './portal-address.ts';
import { nextSerial, serialDistance } from './serial-number.ts';
import { encodeTextKeys, parseTextKeys, parseUniqueKeys, textNumber } from './text-keys.ts';

it('text keys come back as they were', () => {
  const key = fc.stringMatching(/^[A-Z][A-Za-z0-9.+@_-]{0,40}$/);
  const value = fc.string({ maxLength: 60, size: 'max' }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value), { maxLength: 10 }), (pairs) => {
      expect(parseTextKeys(encodeTextKeys(pairs))).toEqual(pairs);
    }),
  );
  expect(() => parseTextKeys(Buffer.from('no pair\0'))).toThrow(PduError);
  expect(() => parseTextKeys(Buffer.from('=x\0'))).toThrow(PduError);
  expect(() => parseUniqueKeys(Buffer.from('a=1\0a=2\0'))).toThrow(PduError);
});

it('numbers are decimal or hexadecimal and within bounds', () => {
  expect(textNumber('k', '0x1F', 0, 100)).toBe(31);
  expect(textNumber('k', '100', 0, 100)).toBe(100);
  for (const text of ['', '101', '-1', '1e1', ' 1', '0x', '99999999999'])
    expect(() => textNumber('k', text, 0, 100)).toThrow(PduError);
});

it('portal addresses', () => {
  expect(parsePortalAddress('192.0.2.1:3261,7')).toEqual({ host: '192.0.2.1', port: 3261, groupTag: 7 });
  expect(parsePortalAddress('array.example')).toEqual({
    host: 'array.example',
    port: 3260,
    groupTag: undefined,
  });
  expect(parsePortalAddress('[2001:db8::1]:3260,1')).toEqual({
    host: '2001:db8::1',
    port: 3260,
    groupTag: 1,
  });
  for (const text of ['', ':3260', '1.2.3.4:0', '1.2.3.4:99999', '2001:db8::1', 'a b', '[x]:1'])
    expect(parsePortalAddress(text)).toBeUndefined();
  expect(portalText({ host: '2001:db8::1' })).toBe('[2001:db8::1]:3260');
});

it('serial numbers wrap', () => {
  expect(nextSerial(0xffff_ffff)).toBe(0);
  expect(serialDistance(0xffff_fffe, 1)).toBe(3);
  expect(serialDistance(1, 0xffff_fffe)).toBe(-3);
});
