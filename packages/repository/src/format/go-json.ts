/**
 * Text in the way Go writes it. The same tree must give the same bytes as stock restic's (deduplication), and
 * node names pass through Go's `strconv.Quote` before they become JSON.
 */
const htmlEscapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** A JSON string as Go's encoder writes it, quotes included. */
export function goJsonString(text: string): string {
  const json = JSON.stringify(text.toWellFormed());
  return json.replace(/[<>&\u2028\u2029]/g, (sign) => htmlEscapes[sign] ?? sign);
}

const namedEscapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const needsEscape = /[\\"]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

/** What `strconv.Quote` puts between its quotes. */
export function goQuoted(text: string): string {
  return text.toWellFormed().replace(needsEscape, (sign) => {
    const named = namedEscapes[sign];
    if (named) return named;
    const point = sign.codePointAt(0) ?? 0;
    if (point < 0x20 || point === 0x7f) return `\\x${hex(point, 2)}`;
    return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
  });
}

const escapeSequence = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs;
const plainOf: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/**
 * The reverse of `goQuoted`, as bytes, because names written on Linux need not be UTF-8. Throws a RangeError on an
 * escape that Go does not know.
 */
export function goUnquoted(quoted: string): Uint8Array {
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of quoted.matchAll(escapeSequence)) {
    parts.push(Buffer.from(quoted.slice(from, match.index)));
    parts.push(unescaped(match));
    from = match.index + match[0].length;
  }
  parts.push(Buffer.from(quoted.slice(from)));
  return Buffer.concat(parts);
}

function unescaped([whole, byte, short, long, octal, named]: RegExpExecArray): Buffer {
  if (byte) return Buffer.from([Number.parseInt(byte, 16)]);
  if (octal) return Buffer.from([Number.parseInt(octal, 8) & 0xff]);
  const point = short ?? long;
  if (point) return Buffer.from(String.fromCodePoint(Number.parseInt(point, 16)));
  const plain = plainOf[named ?? ''];
  if (plain === undefined) throw new RangeError(`unknown escape ${whole} in a file name`);
  return Buffer.from(plain);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
