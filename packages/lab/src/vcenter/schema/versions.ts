/** The API versions of vim25 that clients may ask for, oldest first. */
const versions: readonly string[] = [
  ...['2.0', '2.5', '2.5u2', '2.5u2server', '4.0', '4.1', '5.0', '5.1', '5.5', '6.0', '6.5', '6.7', '6.7.1'],
  ...['6.7.2', '6.7.3', '6.8.7', '6.9.1', '7.0.0.0', '7.0.0.2', '7.0.1.0', '7.0.1.1', '7.0.2.0', '7.0.2.1'],
  ...['7.0.3.0', '7.0.3.1', '7.0.3.2', '8.0.0.0', '8.0.0.1', '8.0.0.2', '8.0.1.0', '8.0.2.0', '8.0.3.0'],
  ...['8.0.3.1', '9.0.0.0', '9.1.0.0', '9.1.1.0'],
];

/** A rank in the list of versions: comparable, 0 is the oldest. */
export type VersionRank = number;

export function isVersion(text: string): boolean {
  return versions.includes(text);
}

/** The rank of a version; unknown ones rank -1. */
export function rankOf(version: string): VersionRank {
  return versions.indexOf(version);
}

/** All versions older than `version`, newest first, as `vimServiceVersions.xml` lists them. */
export function priorVersions(version: string): string[] {
  return versions.slice(0, Math.max(0, rankOf(version))).toReversed();
}
