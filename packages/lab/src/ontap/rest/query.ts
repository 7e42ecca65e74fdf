import type { Json } from '../../json.ts';

/** One alternative of a query value. */
type Test = (value: string) => boolean;

const sizes: Readonly<Record<string, number>> = { KB: 1, MB: 2, GB: 3, TB: 4, PB: 5 };

/**
 * A query value of the array's REST interface: `*` wildcards, `a|b`, `!a`, `<` `>` `<=` `>=`, `lo..hi`, `null`,
 * and text quoted with `"…"` or `{…}` whose special characters mean themselves.
 */
export class QueryTest {
  readonly #wantsNull: boolean;
  readonly #negated: boolean;
  readonly #tests: readonly Test[];

  constructor(text: string) {
    this.#negated = text.startsWith('!') && text.length > 1;
    const parts = splitAlternatives(this.#negated ? text.slice(1) : text);
    this.#wantsNull = parts.includes('null');
    this.#tests = parts.filter((part) => part !== 'null').map(testOf);
  }

  /** Absent values match `null` and every `!x`. */
  matches(values: readonly Json[]): boolean {
    const hit =
      values.length === 0
        ? this.#wantsNull
        : values.some((value) => this.#tests.some((test) => test(String(value))));
    return hit !== this.#negated;
  }
}

function splitAlternatives(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  let closing = '';
  for (const char of text) {
    if (closing) closing = char === closing ? '' : closing;
    else if (char === '"') closing = '"';
    else if (char === '{') closing = '}';
    else if (char === '|') {
      parts.push(part);
      part = '';
      continue;
    }
    part += char;
  }
  return [...parts, part];
}

function testOf(part: string): Test {
  const quoted = /^"(.*)"$|^\{(.*)\}$/s.exec(part);
  if (quoted) {
    const exact = quoted[1] ?? quoted[2] ?? '';
    return (value) => value === exact;
  }
  if (part.startsWith('!') && part.length > 1) {
    const inner = testOf(part.slice(1));
    return (value) => !inner(value);
  }
  const compared = /^(<=|>=|<|>)(.+)$/.exec(part);
  if (compared) {
    const [, operator = '', bound = ''] = compared;
    return (value) => holds(operator, compareValues(value, bound));
  }
  const range = /^(.+?)\.\.(.+)$/.exec(part);
  if (range) {
    const [, low = '', high = ''] = range;
    return (value) => compareValues(value, low) >= 0 && compareValues(value, high) <= 0;
  }
  if (part.includes('*')) {
    const pattern = part.split('*').map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    const expression = new RegExp(`^${pattern.join('.*')}$`, 's');
    return (value) => expression.test(value);
  }
  const wanted = numberOf(part);
  if (/^(true|false)$/i.test(part)) return (value) => value === part.toLowerCase();
  return (value) => value === part || (wanted !== undefined && numberOf(value) === wanted);
}

function holds(operator: string, order: number): boolean {
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0;
  return operator === '<=' ? order <= 0 : order >= 0;
}

/** Numbers, sizes, times and durations by amount, everything else as text. */
export function compareValues(a: string, b: string): number {
  const left = numberOf(a);
  const right = numberOf(b);
  if (left !== undefined && right !== undefined) return left - right;
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOf(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const size = /^(\d+(?:\.\d+)?)([KMGTP]B)$/i.exec(text);
  if (size) return Number(size[1]) * 1024 ** (sizes[(size[2] ?? '').toUpperCase()] ?? 0);
  const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (duration && text.length > 1) {
    const [, days = 0, hours = 0, minutes = 0, seconds = 0] = duration;
    return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  }
  if (/^\d{4}-\d\d-\d\d[T ]/.test(text)) {
    const time = Date.parse(text.replace(' ', 'T'));
    return Number.isNaN(time) ? undefined : time / 1000;
  }
  return undefined;
}
