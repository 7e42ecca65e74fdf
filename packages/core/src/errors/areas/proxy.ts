import type { Area } from '../catalogue-entry.ts';

/** PRX: proxies. */
export const proxyErrors = {} as const satisfies Area;
