import type { Area } from '../catalogue-entry.ts';

/** FMT: disk formats. */
export const formatErrors = {} as const satisfies Area;
