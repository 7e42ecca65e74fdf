import { z } from 'zod';

export const releaseSchema = z.object({
  full: z.string().default(''),
  generation: z.int(),
  major: z.int(),
  minor: z.int().default(0),
});

/** An ONTAP release; the patch level is only in `full` and never decides anything. */
export type Release = z.infer<typeof releaseSchema>;

export function isAtLeast(release: Release, generation: number, major: number): boolean {
  return release.generation > generation || (release.generation === generation && release.major >= major);
}

/** The oldest release whose REST interface has all that Leeward needs. */
export function isSupported(release: Release): boolean {
  return isAtLeast(release, 9, 10);
}

/**
 * From here on fields are known that were first seen in the interface description of 9.12.1; sending one to an
 * older release is an error there.
 */
export function knows912Fields(release: Release): boolean {
  return isAtLeast(release, 9, 12);
}

/** From here on policies tell `create_snapshot_on_source` and `copy_latest_source_snapshot`. */
export function tellsPolicyFlags(release: Release): boolean {
  return isAtLeast(release, 9, 11);
}

/** `9.12.1`, for texts. */
export function releaseName({ generation, major, minor }: Release): string {
  return `${generation}.${major}.${minor}`;
}
