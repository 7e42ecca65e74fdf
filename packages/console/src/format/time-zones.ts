/** All time zones that the browser knows, as choices; the one that is chosen always among them. */
export function timeZones(chosen: string): readonly (readonly [string, string])[] {
  const known = ['UTC', ...Intl.supportedValuesOf('timeZone')];
  return (known.includes(chosen) ? known : [chosen, ...known]).map((zone) => [zone, zone]);
}
