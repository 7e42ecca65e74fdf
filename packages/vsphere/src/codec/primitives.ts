import { MalformedAnswer, type XmlElement } from './xml-element.ts';

type Reader = (element: XmlElement) => unknown;

/** How each primitive of the tables is read. */
export const primitives: Readonly<Record<string, Reader>> = {
  string: (element) => element.text,
  dateTime: (element) => element.text.trim(),
  boolean: readBoolean,
  int: readExactNumber,
  long: readExactNumber,
  byte: (element) => readExactNumber(element) & 0xff,
  bigint: (element) => BigInt(digits(element)),
  base64: (element) => new Uint8Array(Buffer.from(element.text, 'base64')),
  ref: readRef,
  raw: (element) => element,
};

/** XSD names as they appear in `xsi:type`, by the primitive that reads them. */
export const primitiveOfXsd: Readonly<Record<string, keyof typeof primitives>> = {
  string: 'string',
  anyURI: 'string',
  boolean: 'boolean',
  byte: 'byte',
  short: 'int',
  int: 'int',
  long: 'bigint',
  dateTime: 'dateTime',
  base64Binary: 'base64',
  ManagedObjectReference: 'ref',
};

function readBoolean(element: XmlElement): boolean {
  const text = element.text.trim();
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new MalformedAnswer(`${element.name}: "${text}" is no boolean`);
}

function digits(element: XmlElement): string {
  const text = element.text.trim();
  if (!/^[+-]?\d{1,20}$/.test(text))
    throw new MalformedAnswer(`${element.name}: "${text}" is no whole number`);
  return text.replace('+', '');
}

function readExactNumber(element: XmlElement): number {
  const value = Number(digits(element));
  if (Number.isSafeInteger(value)) return value;
  throw new MalformedAnswer(`${element.name}: ${element.text} cannot be held exactly`);
}

function readRef(element: XmlElement): { type: string; moId: string } {
  const moId = element.text.trim();
  if (element.type === undefined || moId === '')
    throw new MalformedAnswer(`${element.name}: a reference without type or id`);
  return { type: element.type, moId };
}
