import { describe, expect, test } from 'vitest';
import { isA } from '../schema/values.ts';
import { decodeAny, decodeDeclared, decodeObject } from './decode.ts';
import { MalformedAnswer } from './xml-element.ts';
import { parseXml } from './xml-parser.ts';

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

describe('types and prefixes', () => {
  const prefixes = [
    ['xsi', `<val ${xsi} xsi:type="xsd:int">7</val>`],
    [
      'XMLSchema-instance',
      '<val xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" XMLSchema-instance:type="xsd:int">7</val>',
    ],
    [
      '_XMLSchema-instance',
      '<val xmlns:_XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" _XMLSchema-instance:type="xsd:int">7</val>',
    ],
  ] as const;
  test.each(prefixes)('the prefix %s means what it is bound to', (_, text) => {
    expect(decodeAny(parseXml(text))).toBe(7);
  });

  test('a type attribute of another namespace is no type', () => {
    expect(decodeAny(parseXml('<val xmlns:a="urn:a" a:type="xsd:int">7</val>'))).toBe('7');
  });

  test('text that looks like a number stays text without a type', () => {
    expect(decodeAny(parseXml('<val>0042</val>'))).toBe('0042');
  });

  test('a reference inside anyType carries both attributes', () => {
    const text = `<val ${xsi} type="Folder" xsi:type="ManagedObjectReference">group-v3</val>`;
    expect(decodeAny(parseXml(text))).toEqual({ type: 'Folder', moId: 'group-v3' });
    expect(decodeDeclared(parseXml(text), 'ref')).toEqual({ type: 'Folder', moId: 'group-v3' });
  });

  test('entities in names are decoded', () => {
    const text = `<val ${xsi} xsi:type="xsd:string">a&#34;b&#39;c&quot;d&amp;e&lt;ü</val>`;
    expect(decodeAny(parseXml(text))).toBe('a"b\'c"d&e<ü');
  });
});

describe('arrays', () => {
  test('ArrayOf wrappers become arrays, also of one and of none', () => {
    const array = (inside: string) => parseXml(`<val ${xsi} xsi:type="ArrayOfString">${inside}</val>`);
    expect(decodeAny(array('<string>a</string><string>b</string>'))).toEqual(['a', 'b']);
    expect(decodeAny(array('<string>a</string>'))).toEqual(['a']);
    expect(decodeDeclared(array(''), 'string[]')).toEqual([]);
  });

  test('ArrayOfManagedObjectReference', () => {
    const text = `<val ${xsi} xsi:type="ArrayOfManagedObjectReference"><ManagedObjectReference type="Datastore" xsi:type="ManagedObjectReference">ds-1</ManagedObjectReference></val>`;
    expect(decodeAny(parseXml(text))).toEqual([{ type: 'Datastore', moId: 'ds-1' }]);
    expect(decodeDeclared(parseXml(text), 'ref[]')).toEqual([{ type: 'Datastore', moId: 'ds-1' }]);
  });

  test('signed bytes become unsigned', () => {
    const text =
      '<x><namespace>GENERIC_VPD</namespace><namespaceId>-1</namespaceId><data>-80</data><data>5</data></x>';
    const name = decodeObject(parseXml(text), 'ScsiLunDurableName');
    expect(name.namespaceId).toBe(255);
    expect(name.data).toEqual([176, 5]);
  });

  test('repeated fields are arrays even when absent', () => {
    const summary = decodeObject(
      parseXml('<x><type>NFS</type><name>n</name><remoteHost>h</remoteHost><remotePath>/p</remotePath></x>'),
      'HostNasVolume',
    );
    expect(summary.remoteHostNames).toEqual([]);
    expect(summary.userName).toBeUndefined();
  });
});

describe('64 bits', () => {
  test('what fits is a number, what does not is refused, not rounded', () => {
    const area = (length: string) =>
      decodeObject(parseXml(`<x><start>0</start><length>${length}</length></x>`), 'DiskChangeExtent');
    expect(area('68169720922112').length).toBe(68_169_720_922_112);
    expect(() => area('9007199254740993')).toThrow(MalformedAnswer);
    expect(() => area('12a')).toThrow(MalformedAnswer);
    expect(() => area('')).toThrow(MalformedAnswer);
  });

  test('a long inside anyType keeps all its bits', () => {
    expect(decodeAny(parseXml(`<val ${xsi} xsi:type="xsd:long">-5764607523034234878</val>`))).toBe(
      -5764607523034234878n,
    );
  });
});

describe('objects', () => {
  test('subtypes are recognised, with the fields of their bases', () => {
    const text = `<b ${xsi} xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName>[a] b.vmdk</fileName><diskMode>persistent</diskMode><parent><fileName>[a] c.vmdk</fileName><diskMode>persistent</diskMode></parent></b>`;
    const backing = decodeObject(parseXml(text), 'VirtualDeviceBackingInfo');
    expect(isA(backing, 'VirtualDiskFlatVer2BackingInfo') && backing.parent?.fileName).toBe('[a] c.vmdk');
    expect(isA(backing, 'VirtualDiskSeSparseBackingInfo')).toBe(false);
  });

  test('an unknown subtype keeps its type and all that it holds', () => {
    const text = `<f ${xsi} xsi:type="BrandNewFault"><why>because</why><n xsi:type="xsd:int">3</n></f>`;
    expect(decodeObject(parseXml(text), 'MethodFault')).toEqual({
      $type: 'BrandNewFault',
      why: ['because'],
      n: [3],
      faultMessage: [],
    });
  });

  test('a type of another family and a missing field are refused', () => {
    expect(() => decodeObject(parseXml(`<f ${xsi} xsi:type="AboutInfo"/>`), 'MethodFault')).toThrow(/not a/);
    expect(() => decodeObject(parseXml('<x><start>0</start></x>'), 'DiskChangeExtent')).toThrow(
      /lacks length/,
    );
  });

  test('booleans in both spellings, nothing else', () => {
    const flag = (text: string) => decodeDeclared(parseXml(`<v>${text}</v>`), 'boolean');
    expect([flag('true'), flag('1'), flag('false'), flag('0')]).toEqual([true, true, false, false]);
    expect(() => flag('yes')).toThrow(MalformedAnswer);
  });
});

describe('broken XML', () => {
  test.each(['', '<a>', '<a></b>', '<p:a/>', '<a>&unknown;</a>', 'no xml', '<a/><b/>'])('%j', (text) => {
    expect(() => parseXml(text)).toThrow(MalformedAnswer);
  });

  test('absurd nesting', () => {
    expect(() => parseXml('<a>'.repeat(500) + '</a>'.repeat(500))).toThrow(/nested/);
  });
});
