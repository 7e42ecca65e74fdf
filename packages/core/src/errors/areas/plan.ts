import type { Area } from '../catalogue-entry.ts';

/** PLN: planning, source selection and downgrades. */
export const planErrors = {} as const satisfies Area;
