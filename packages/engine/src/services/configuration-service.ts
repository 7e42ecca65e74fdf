import { isError, type Job, LeewardError } from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type {
  ChannelEntry,
  ConfigurationDocument,
  ConfigurationPlan,
  Entry,
  SystemEntry,
} from '../configuration/document.ts';
import { planConfiguration } from '../configuration/plan-configuration.ts';
import type { System, SystemKind } from '../store/systems.ts';
import { type ScheduleInput, scheduleOf } from './job-schedule.ts';
import { SettingsService } from './settings-service.ts';

/** The configuration of the server as one document, and what it would take to make it as another one says. */
export class ConfigurationService {
  readonly #deps: Pick<BackupDeps, 'store' | 'clock'>;

  constructor(deps: Pick<BackupDeps, 'store' | 'clock'>) {
    this.#deps = deps;
  }

  /** Without secrets, and without what only this server knows (ids, inventories, users). */
  async show(): Promise<Required<ConfigurationDocument>> {
    const { store } = this.#deps;
    const repositories = await store.repositories.list();
    const names = new Map(repositories.map(({ id, name }) => [id, name]));
    return {
      apiVersion: 'leeward/v1',
      vcenters: await this.#systems('vcenter'),
      arrays: await this.#systems('array'),
      repositories: repositories.map(({ name, path }) => ({ name, path })),
      jobs: (await store.jobs.list()).map((job) => jobEntry(job, names)),
      channels: await this.#channels(),
      settings: { ...(await new SettingsService(this.#deps).show()) },
    };
  }

  /** What has to be done, in the operations of the API; changes nothing. Throws `L-OPS-101` with all that is wrong. */
  async plan(document: ConfigurationDocument): Promise<ConfigurationPlan> {
    const jobs = await this.#deps.store.jobs.list();
    const problems: string[] = [];
    const wanted = document.jobs?.map((entry) => {
      try {
        return this.#withPlainSchedule(
          entry,
          jobs.find(({ name }) => name === entry.name),
        );
      } catch (error) {
        if (!isError(error, 'L-SCH-104') && !isError(error, 'L-SCH-105')) throw error;
        problems.push(`the job ${entry.name}: ${error.message}`);
        return entry;
      }
    });
    if (problems.length > 0) throw new LeewardError('L-OPS-101', { problems: problems.join('; ') });
    return planConfiguration({ ...document, ...(wanted ? { jobs: wanted } : {}) }, await this.show());
  }

  async #systems(kind: SystemKind): Promise<readonly SystemEntry[]> {
    return (await this.#deps.store.systems.list(kind)).map(systemEntry);
  }

  /** Addresses of webhooks and passwords are secrets, and left out; jobs are told by name. */
  async #channels(): Promise<readonly ChannelEntry[]> {
    const { store } = this.#deps;
    const jobs = new Map((await store.jobs.list()).map(({ id, name }) => [id, name]));
    return (await store.channels.list()).map(({ name, enabled, rules, target }) => {
      const { host: _, ...open } = target;
      const isSecret = target.kind === 'webhook' || target.kind === 'chat';
      const names = rules.jobs?.flatMap((id) => jobs.get(id) ?? []);
      return {
        ...{ name, enabled, target: isSecret ? open : target },
        rules: { ...rules, ...(names ? { jobs: names } : {}) },
      };
    });
  }

  /** Words such as `daily at 22:00` become what they mean, so that they can be compared. */
  #withPlainSchedule(entry: Entry, known: Job | undefined): Entry {
    const { schedule } = entry;
    if (typeof schedule !== 'object' || schedule === null) return entry;
    const { since: _, ...plain } = scheduleOf(
      schedule as ScheduleInput,
      known?.schedule,
      this.#deps.clock.now(),
    );
    return { ...entry, schedule: plain };
  }
}

function systemEntry({ name, settings }: System): SystemEntry {
  const { host, port, username, trust, family, nfsPorts, iscsiPorts, chap } = settings;
  return {
    ...{ name, ...(family === undefined ? {} : { family }), host, port, username },
    ...(trust.kind === 'fingerprint' ? { fingerprint: trust.sha256 } : {}),
    ...(trust.kind === 'ca' && trust.pem !== undefined ? { caPem: trust.pem } : {}),
    ...(nfsPorts ? { nfsPorts } : {}),
    ...(iscsiPorts ? { iscsiPorts } : {}),
    ...(chap ? { chap: chapEntry(chap) } : {}),
  };
}

function chapEntry({ username, mutual }: NonNullable<System['settings']['chap']>) {
  return { username, ...(mutual ? { mutual: { username: mutual.username } } : {}) };
}

/** As a job is created. */
function jobEntry(job: Job, repositories: ReadonlyMap<string, string>): Entry {
  const { id: _, name, vms, repositoryId, secondaryKeep, schedule, ...others } = job;
  const repository = repositoryId === undefined ? undefined : repositories.get(repositoryId);
  return {
    ...{ name, vms, ...(repository === undefined ? {} : { repository }), ...others },
    ...(secondaryKeep > 0 ? { secondaryKeep } : {}),
    ...(schedule ? { schedule: plainSchedule(schedule) } : {}),
  };
}

function plainSchedule({ since: _, ...plain }: NonNullable<Job['schedule']>) {
  return plain;
}
