import type { BackupDeps } from '../backup/backup-deps.ts';
import type { StateDeps } from '../metrics/state-figures.ts';
import { ConfigurationService } from './configuration-service.ts';
import { MetricsService } from './metrics-service.ts';
import { ReadinessService } from './readiness-service.ts';
import { ServerBackupService } from './server-backup-service.ts';
import { SupportService } from './support-service.ts';

/** What keeps the server itself in view and safe. */
export interface OperationsServices {
  readonly readiness: ReadinessService;
  readonly metrics: MetricsService;
  readonly support: SupportService;
  readonly configuration: ConfigurationService;
  readonly serverBackups: ServerBackupService;
}

export interface OperationsDeps extends StateDeps, Pick<BackupDeps, 'randomness'> {
  /** Of the product. */
  readonly version: string;
  readonly dataFolder: string;
}

export function operationsServices(deps: OperationsDeps): OperationsServices {
  return {
    readiness: new ReadinessService(deps),
    metrics: new MetricsService(deps),
    support: new SupportService(deps),
    configuration: new ConfigurationService(deps),
    serverBackups: new ServerBackupService(deps),
  };
}
