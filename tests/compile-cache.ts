import { join } from 'node:path';

/** Processes that tests start, and their threads, load the sources as the launcher lets the product load its own. */
export function useCompileCache(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(
    ...[import.meta.dirname, '..', 'node_modules', '.leeward', 'compile-cache'],
  );
}
