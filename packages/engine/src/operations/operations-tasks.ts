import type { OperationsServices } from '../services/operations-services.ts';
import { type TraceDeps, TraceExport } from '../traces/trace-export.ts';
import type { BackgroundTask } from './background.ts';

/** What the server does by itself for whoever operates it: it sends traces of runs, and backs up its own database. */
export function operationsTasks(
  { serverBackups }: Pick<OperationsServices, 'serverBackups'>,
  deps: TraceDeps,
): readonly BackgroundTask[] {
  const traces = new TraceExport(deps);
  return [
    { name: 'sending traces of runs', everyMs: 15_000, isAlone: true, look: () => traces.send() },
    {
      name: 'the backup of the server itself',
      everyMs: 60_000,
      isAlone: true,
      look: (signal) => serverBackups.makeDue(signal),
    },
  ];
}
