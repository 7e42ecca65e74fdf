import type { FlowLog } from '../flow-log.ts';

/** Lets DBOS speak to our log. What it calls info (banners, every start) is for debugging. */
export function dbosLog(log: FlowLog) {
  return {
    info: (entry: unknown) => log.debug(textOf(entry), { from: 'dbos' }),
    debug: (entry: unknown) => log.debug(textOf(entry), { from: 'dbos' }),
    warn: (entry: unknown) => log.warn(textOf(entry), { from: 'dbos' }),
    // A flow that ends with an error is told as the outcome of the flow; DBOS repeats it with a stack.
    error: (entry: unknown) => log.warn(textOf(entry), { from: 'dbos' }),
  };
}

function textOf(entry: unknown): string {
  return entry instanceof Error ? entry.message : String(entry);
}
