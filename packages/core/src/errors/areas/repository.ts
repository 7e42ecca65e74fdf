import type { Area } from '../catalogue-entry.ts';

/** REP: the repository. */
export const repositoryErrors = {} as const satisfies Area;
