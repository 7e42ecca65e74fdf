import type { Area } from '../catalogue-entry.ts';

/** CFG: what users enter and configure. */
export const configErrors = {} as const satisfies Area;
