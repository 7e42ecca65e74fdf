import type { Area } from '../catalogue-entry.ts';

/** ARR: storage arrays and their relations. */
export const arrayErrors = {} as const satisfies Area;
