/**
 * The URL of a module beside the calling one, with the ending that the caller itself has: `.ts` when sources
 * run directly (tests), `.js` when built. For worker threads and child processes.
 */
export function siblingModule(callerUrl: string, name: string): URL {
  return new URL(callerUrl.endsWith('.ts') ? `${name}.ts` : `${name}.js`, callerUrl);
}
