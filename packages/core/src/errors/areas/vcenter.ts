import type { Area } from '../catalogue-entry.ts';

/** VC: vCenter and ESXi. */
export const vcenterErrors = {} as const satisfies Area;
