import { asLeewardError } from '@leeward/core';
import { z } from 'zod';
import { localIdentity } from '../access/identity.ts';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { AuditBegin, AuditEnd, AuditEntry, AuditFilter } from '../store/audit.ts';
import { type Page, type PageRequest, Pages } from './page.ts';
import type { Services } from './services.ts';

type Looks = Pick<
  Services,
  | 'systems'
  | 'proxies'
  | 'repositories'
  | 'jobs'
  | 'settings'
  | 'users'
  | 'tokens'
  | 'runs'
  | 'oidc'
  | 'notifications'
>;

const pages = new Pages<readonly [number]>('audit', [z.int()]);

/** The audit trail: who changed what, when, from where, and how it was before and after. */
export class AuditService {
  readonly #store: BackupDeps['store'];
  readonly #looks: Readonly<Record<string, (wanted: string) => Promise<object>>>;

  constructor({ store }: Pick<BackupDeps, 'store'>, services: Looks) {
    this.#store = store;
    this.#looks = {
      vcenter: (wanted) => services.systems.find('vcenter', wanted),
      array: (wanted) => services.systems.find('array', wanted),
      proxy: (wanted) => services.proxies.find(wanted),
      repository: (wanted) => services.repositories.find(wanted),
      job: (wanted) => services.jobs.find(wanted),
      notification: (wanted) => services.notifications.find(wanted),
      chain: (wanted) => services.jobs.find(wanted),
      settings: () => services.settings.show(),
      oidc: () => services.oidc.show(),
      user: (wanted) => services.users.find(wanted),
      token: (wanted) => services.tokens.find(localIdentity, wanted),
    };
  }

  /** How something is now, without secrets; undefined for what there is not, and for what has no state to show. */
  async look(kind: string, wanted: string): Promise<object | undefined> {
    try {
      return await this.#looks[kind]?.(wanted);
    } catch (error) {
      if (['L-CFG-102', 'L-CFG-110', 'L-AUT-150'].some((code) => asLeewardError(error).code === code))
        return undefined;
      throw error;
    }
  }

  begin(entry: AuditBegin): Promise<number> {
    return this.#store.audit.begin(entry);
  }

  end(id: number, end: AuditEnd): Promise<void> {
    return this.#store.audit.end(id, end);
  }

  /** Newest first. */
  async list(filter: AuditFilter, request: PageRequest = {}): Promise<Page<AuditEntry>> {
    const [before] = pages.after(request) ?? [];
    const found = await this.#store.audit.list(filter, pages.rows(request), before);
    return pages.page(found, request, ({ id }) => [id]);
  }
}
