import fc from 'fast-check';

type Draw = fc.GeneratorValue;
type Json = unknown;

const odd: readonly Json[] = [
  ...[null, true, false, 0, -1, 1, 1.5, 2 ** 53, 1e308, '', ' ', '0', '-1', '99999999999999999999', 'NaN'],
  ...['PT', 'P1DT1H', 'PT-1S', '2026-13-45T99:99:99Z', '2026-01-02T03:04:05+00:00', '/vol/x/y', '..', '/'],
  ...['127.0.0.1', '::1', '*', 'ä\u0000\ud800', '__proto__', 'x'.repeat(5_000), [], {}, [null], [[]], [{}]],
  ...[{ records: [] }, { data: null }, { __proto__: { name: 'x' } }, { uuid: '' }, { href: '/api/cluster' }],
];

/** What is no JSON, no object, or absurd. */
export const strangeBodies: readonly string[] = [
  ...[
    '',
    ' ',
    '{',
    '[]',
    'null',
    'true',
    '"x"',
    '0',
    '1e999',
    '<html></html>',
    '{"data":',
    '\ufeff{}',
    '{}{}',
  ],
  ...['{"data":{}}', '{"data":[null]}', '{"records":null}', '{"records":[[]]}', '{"error":{"code":{}}}'],
  ...['{"messages":[{}]}', '['.repeat(20_000), `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`],
];

/** A copy of a JSON value with one to three nodes changed: another value, gone, doubled, or another one's place. */
export function changeJson(g: Draw, value: Json): Json {
  const root: Record<string, Json> = { top: structuredClone(value) };
  const times = g(fc.integer, { min: 1, max: 3 });
  for (let time = 0; time < times; time++) {
    const places = placesIn(root);
    const place = places[g(fc.nat, Math.max(0, places.length - 1))];
    if (place) changeAt(g, place, places);
  }
  return root['top'] ?? null;
}

interface Place {
  readonly holder: Record<string, Json>;
  readonly key: string;
}

function placesIn(holder: object): Place[] {
  return Object.entries(holder).flatMap(([key, inner]) => [
    { holder: holder as Record<string, Json>, key },
    ...(typeof inner === 'object' && inner !== null ? placesIn(inner) : []),
  ]);
}

function changeAt(g: Draw, { holder, key }: Place, places: readonly Place[]): void {
  const now = holder[key];
  switch (g(fc.nat, 5)) {
    case 0:
      delete holder[key];
      return;
    case 1:
      if (Array.isArray(now)) now.push(...structuredClone(now.slice(0, 3)));
      else if (typeof now === 'string') holder[key] = now.slice(0, g(fc.nat, now.length));
      else holder[key] = [now];
      return;
    case 2: {
      const other = places[g(fc.nat, places.length - 1)];
      holder[key] = structuredClone(other?.holder[other.key]);
      return;
    }
    case 3:
      if (typeof now === 'number') holder[key] = -now;
      else if (typeof now === 'string') holder[key] = `${now}${now}`;
      else holder[key] = String(now);
      return;
    default:
      holder[key] = structuredClone(g(fc.constantFrom, ...odd));
  }
}
