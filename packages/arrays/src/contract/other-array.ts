import type { ArrayDriver } from './array-driver.ts';

/**
 * The driver of another registered array, by its serial; `undefined` where there is none. It belongs to its owner:
 * never close it. For families whose `sync` relations have their ends on two arrays that know nothing of each other.
 */
export type OtherArray = (serial: string, signal?: AbortSignal) => Promise<ArrayDriver | undefined>;
