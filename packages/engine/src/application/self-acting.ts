import { tidyTrail } from '../audit/tidy-trail.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { BackupFlows } from '../backup/backup-run.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { deliveryFlow } from '../notify/delivery-flow.ts';
import { Notifier } from '../notify/notifier.ts';
import type { BackgroundTask } from '../operations/background.ts';
import { AutomaticRetries } from '../schedule/automatic-retries.ts';
import { Scheduler } from '../schedule/scheduler.ts';
import { NotificationService } from '../services/notification-service.ts';
import { ProxyService } from '../services/proxy-service.ts';
import { ReportService } from '../services/report-service.ts';
import { RepositoryService } from '../services/repository-service.ts';
import { RetryService } from '../services/retry-service.ts';
import { RunService } from '../services/run-service.ts';
import { startRun } from '../services/start-run.ts';
import { VmService } from '../services/vm-service.ts';
import { StorageMaps } from '../topology/storage-map.ts';

/** What the server does by itself beside cleaning up: it starts jobs by their schedules, and tells what happened. */
export function selfActing(backup: BackupDeps, engine: FlowEngine, runFlow: BackupFlows['run']) {
  const starting = {
    ...{ backup, engine, runFlow },
    ...{ proxies: new ProxyService(backup, engine), repositories: new RepositoryService(backup) },
  };
  const scheduler = new Scheduler({ backup, start: startRun.bind(undefined, starting) });
  const retries = new AutomaticRetries({ backup, retries: new RetryService(backup, starting) });
  const reports = new ReportService(backup, {
    ...{ runs: new RunService(backup, engine), vms: new VmService(backup, new StorageMaps(backup)) },
  });
  const delivery = deliveryFlow(new NotificationService(backup, reports).sendDeps(backup.clock));
  const notifier = new Notifier({ backup, engine, reports, flow: delivery });
  const tasks: readonly BackgroundTask[] = [
    { name: 'looking at the schedules', everyMs: 1_000, look: (signal) => scheduler.look(signal) },
    {
      ...{ name: 'trying again what failed', everyMs: 15_000, isAlone: true },
      look: () => retries.look(),
    },
    { name: 'looking for what to tell', everyMs: 2_000, look: () => notifier.look() },
    {
      ...{ name: 'tidying the audit trail', everyMs: 3_600_000, isAlone: true },
      look: async () => void (await tidyTrail(backup)),
    },
    {
      ...{ name: 'looking for what to report', everyMs: 30_000, isAlone: true },
      look: () => notifier.lookSeldom(),
    },
  ];
  return { delivery, tasks };
}
