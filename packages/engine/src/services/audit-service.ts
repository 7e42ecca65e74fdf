import { isError } from '@leeward/core';
import { localIdentity } from '../access/identity.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { AuditBegin, AuditEnd, AuditEntry, AuditFilter } from '../store/audit.ts';
import type { Services } from './services.ts';

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** For `before`, to see older ones; missing on the last page. */
  readonly next?: number;
}

type Looks = Pick<Services, 'systems' | 'repositories' | 'jobs' | 'settings' | 'users' | 'tokens' | 'runs'>;

const pageSize = 100;

/** The audit trail: who changed what, when, from where, and how it was before and after. */
export class AuditService {
  readonly #store: BackupDeps['store'];
  readonly #looks: Readonly<Record<string, (wanted: string) => Promise<object>>>;

  constructor({ store }: Pick<BackupDeps, 'store'>, services: Looks) {
    this.#store = store;
    this.#looks = {
      vcenter: (wanted) => services.systems.find('vcenter', wanted),
      array: (wanted) => services.systems.find('array', wanted),
      repository: (wanted) => services.repositories.find(wanted),
      job: (wanted) => services.jobs.find(wanted),
      chain: (wanted) => services.jobs.find(wanted),
      settings: () => services.settings.show(),
      user: (wanted) => services.users.find(wanted),
      token: (wanted) => services.tokens.find(localIdentity, wanted),
    };
  }

  /** How something is now, without secrets; undefined for what there is not, and for what has no state to show. */
  async look(kind: string, wanted: string): Promise<object | undefined> {
    try {
      return await this.#looks[kind]?.(wanted);
    } catch (error) {
      if (isError(error, 'L-CFG-102') || isError(error, 'L-CFG-110')) return undefined;
      throw error;
    }
  }

  begin(entry: AuditBegin): Promise<number> {
    return this.#store.audit.begin(entry);
  }

  end(id: number, end: AuditEnd): Promise<void> {
    return this.#store.audit.end(id, end);
  }

  async list(filter: AuditFilter): Promise<AuditPage> {
    const limit = filter.limit ?? pageSize;
    const found = await this.#store.audit.list(filter, limit + 1);
    const entries = found.slice(0, limit);
    const last = entries.at(-1);
    return { entries, ...(found.length > limit && last ? { next: last.id } : {}) };
  }
}
