import { parseField } from '@leeward/vsphere/schema/grammar';
import { fieldsOf, inherits, isTypeName, type TypeName, types } from '@leeward/vsphere/schema/types';
import fc from 'fast-check';

type Draw = fc.GeneratorValue;

/** Values of every primitive, right ones and wrong ones: each may stand where another is expected. */
const texts = [
  ...['', ' ', '0', '1', '-1', '7', '255', '2147483648', '9007199254740992', '18446744073709551615', '1e3'],
  ...['true', 'false', 'TRUE', 'poweredOn', 'vm-1', 'snapshot-1', '*', '52 2d/7', '2026-01-02T03:04:05.123Z'],
  ...[
    '[ds] a/a.vmdk',
    '[ds] a/a-000001.vmdk',
    '[ds',
    '] x',
    '/vmfs/volumes/x',
    '../..',
    '__proto__',
    'ä\u0000',
  ],
];
const typeNames = Object.keys(types);
const strangeTypes = [
  'BrandNew',
  'constructor',
  'ArrayOfVirtualDevice',
  'ArrayOfString',
  'ArrayOf',
  '',
  'long',
  'int',
];
const maxDepth = 6;

const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    // What XML cannot carry is left out: noise of that kind has a test of its own.
    .replaceAll('\u0000', '');

/** One element of a type of the schema: mostly as it should be, with a few things missing, doubled or of another kind. */
export function vimElement(g: Draw, name: string, type: string, depth = 0): string {
  const odd = () => g(fc.nat, 30) === 0;
  if (odd()) return '';
  const xsiType = odd() ? g(fc.constantFrom, ...typeNames, ...strangeTypes) : undefined;
  const actual = xsiType ?? chooseSubtype(g, type);
  const attributes = actual === type && xsiType === undefined ? '' : ` xsi:type="${actual}"`;
  const reference =
    type === 'ref' || odd() ? ` type="${g(fc.constantFrom, 'VirtualMachine', 'Folder', 'Task')}"` : '';
  const inside = depth > maxDepth ? '' : content(g, odd() ? type : actual, depth);
  return `<${name}${reference}${attributes}>${inside}</${name}>`;
}

/** Elements for one field as a table of the schema writes it: `type`, `type?` or `type[]`. */
export function vimField(g: Draw, name: string, text: string, depth = 0): string {
  const { type, repeated, optional } = parseField(name, text);
  const count = repeated ? g(fc.nat, 3) : optional ? g(fc.nat, 1) : 1;
  return Array.from({ length: count }, () => vimElement(g, name, type, depth)).join('');
}

const xsdNames: Readonly<Record<string, string>> = {
  boolean: 'xsd:boolean',
  string: 'xsd:string',
  ref: 'ManagedObjectReference',
};

/** The value of a property as the property collector gives it: an element `val` that tells its type. */
export function vimProperty(g: Draw, text: string): string {
  const { type, repeated } = parseField('val', text);
  if (repeated) {
    const item = type === 'ref' ? 'ManagedObjectReference' : type;
    return `<val xsi:type="ArrayOf${item}">${vimField(g, item, text)}</val>`;
  }
  const inside = content(g, type, 0);
  const reference = type === 'ref' ? ' type="Folder"' : '';
  return `<val${reference} xsi:type="${xsdNames[type] ?? type}">${inside}</val>`;
}

function content(g: Draw, type: string, depth: number): string {
  if (isTypeName(type))
    return fieldsOf(type)
      .map(({ name, type: inner, repeated, optional }) =>
        vimField(g, name, `${inner}${repeated ? '[]' : optional ? '?' : ''}`, depth + 1),
      )
      .join('');
  if (type === 'any')
    return vimElement(g, 'any', g(fc.constantFrom, ...typeNames, 'string', 'ref'), depth + 1);
  if (type === 'boolean' && g(fc.nat, 9) > 0) return g(fc.constantFrom, 'true', 'false');
  if (/^(int|long|byte|bigint)$/.test(type) && g(fc.nat, 9) > 0) return String(g(fc.nat, 300_000));
  return escaped(g(fc.constantFrom, ...texts));
}

const subtypes = new Map<string, readonly TypeName[]>();

/** The type itself or one that inherits from it, as servers answer. */
function chooseSubtype(g: Draw, type: string): string {
  if (!isTypeName(type)) return type;
  const known = subtypes.get(type) ?? typeNames.filter(isTypeName).filter((name) => inherits(name, type));
  subtypes.set(type, known);
  return g(fc.constantFrom, ...known);
}
