/**
 * Version of the flows' code, not of the product: unfinished flows go on only in a process of the same one.
 * Changed whenever the order or the names of recorded operations change.
 */
export const flowsVersion = 'flows-5';
