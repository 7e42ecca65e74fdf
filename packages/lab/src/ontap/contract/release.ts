/** A release as three numbers, compared in order; the patch level never matters. */
export type Release = readonly [number, number, number];

export function parseRelease(text: string): Release {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (!parts) throw new Error(`not a release: ${text}`);
  return [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

export function compareReleases(a: Release, b: Release): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Fields that the description dates later than the vendor's release notes do. */
const earlier: Readonly<Record<string, string>> = {
  create_snapshot_on_source: '9.11.1',
  copy_latest_source_snapshot: '9.11.1',
};

/** True when a field first described for `since` exists in `release`. */
export function exists(release: Release, since: string | undefined, name = ''): boolean {
  const first = earlier[name] ?? since;
  return first === undefined || compareReleases(release, parseRelease(first)) >= 0;
}
