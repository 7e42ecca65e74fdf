import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseField } from '../schema/grammar.ts';
import { fieldsOf, type TypeName, types } from '../schema/types.ts';
import { decodeAny, decodeObject } from './decode.ts';
import { encodeFields } from './encode.ts';
import { canBeXml } from './escape.ts';
import { parseXml } from './xml-parser.ts';

const field = (name: string, text: string) => [parseField(name, text)];

test('fields are written in the order of the table, whatever the order of the values', () => {
  const spec = {
    $type: 'TraversalSpec',
    selectSet: [],
    skip: false,
    path: 'view',
    type: 'ContainerView',
    name: 'v',
  };
  expect(encodeFields({ selectSet: [spec] }, field('selectSet', 'SelectionSpec[]'), '8.0.3.0')).toBe(
    '<selectSet xsi:type="TraversalSpec"><name>v</name><type>ContainerView</type><path>view</path><skip>false</skip></selectSet>',
  );
});

test('an empty object is sent, an unset optional is not', () => {
  const fields = [...field('options', 'RetrieveOptions'), ...field('locale', 'string?')];
  expect(encodeFields({ options: { $type: 'RetrieveOptions' } }, fields, '7.0.0.0')).toBe(
    '<options></options>',
  );
});

test('fields newer than the negotiated version are left out', () => {
  const fields = field('guestReadOnly', 'boolean?@8.0.2.0');
  expect(encodeFields({ guestReadOnly: true }, fields, '7.0.3.0')).toBe('');
  expect(encodeFields({ guestReadOnly: true }, fields, '8.0.2.0')).toBe(
    '<guestReadOnly>true</guestReadOnly>',
  );
});

test('what does not fit the table is a defect, not a guess', () => {
  expect(() => encodeFields({}, field('a', 'string'), '7.0')).toThrow(TypeError);
  expect(() => encodeFields({ a: 1 }, field('a', 'string'), '7.0')).toThrow(TypeError);
  expect(() => encodeFields({ a: 1.5 }, field('a', 'long'), '7.0')).toThrow(TypeError);
  expect(() => encodeFields({ a: { $type: 'AboutInfo' } }, field('a', 'MethodFault'), '7.0')).toThrow(
    TypeError,
  );
});

test('any text that XML can carry arrives as it was, all other is refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const encode = () => encodeFields({ a: text }, field('a', 'string'), '7.0');
      if (!canBeXml(text)) expect(encode).toThrow(TypeError);
      else expect(decodeAny(parseXml(encode()))).toBe(text);
    }),
  );
});

test('characters that XML has no form for are refused', () => {
  for (const text of ['\u0000', 'a\u000b', '\u001f', '\uffff', '\ud800', '\udc00x'])
    expect(() => encodeFields({ a: text }, field('a', 'string'), '7.0')).toThrow(TypeError);
});

describe('the tables', () => {
  const names = Object.keys(types) as TypeName[];
  test.each(names)('%s: every field can be read, its type exists', (name) => {
    const primitives = [
      'string',
      'boolean',
      'int',
      'long',
      'bigint',
      'byte',
      'dateTime',
      'base64',
      'ref',
      'raw',
      'any',
    ];
    for (const { type } of fieldsOf(name)) expect([...primitives, ...names]).toContain(type);
  });

  test('what is encoded is decoded to the same', () => {
    const spec = {
      $type: 'PropertyFilterSpec',
      propSet: [{ $type: 'PropertySpec', type: 'VirtualMachine', pathSet: ['name', 'snapshot'] }],
      objectSet: [
        {
          $type: 'ObjectSpec',
          obj: { type: 'ContainerView', moId: 'session[a]b' },
          skip: true,
          selectSet: [],
        },
      ],
      reportMissingObjectsInResults: true,
    };
    const text = encodeFields({ specSet: [spec] }, field('specSet', 'PropertyFilterSpec[]'), '7.0');
    expect(decodeObject(parseXml(text), 'PropertyFilterSpec')).toEqual(spec);
  });
});
