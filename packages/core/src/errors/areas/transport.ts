import type { Area } from '../catalogue-entry.ts';

/** NET: wire protocols of the data path. */
export const transportErrors = {} as const satisfies Area;
