import { isError, isoTime } from '@leeward/core';
import { z } from 'zod';
import type { BackupDeps } from '../backup/backup-deps.ts';
import type { FlowReference } from '../flow/flow-definition.ts';
import type { FlowEngine } from '../flow/flow-engine.ts';
import { janitorReportSchema } from '../janitor/janitor.ts';
import { lastWindow } from '../reports/daily-window.ts';
import type { ReportService } from '../services/report-service.ts';
import { type DeliveryEnd, deliveryFlowId, notificationQueue } from './delivery-flow.ts';
import { wants } from './matching.ts';
import type { Message } from './message.ts';
import { withLinks } from './message-links.ts';
import { digestMessage, janitorMessage, scheduleMessage } from './other-messages.ts';
import { runMessage } from './run-message.ts';

export interface NotifierDeps {
  readonly backup: Pick<BackupDeps, 'store' | 'clock'>;
  readonly engine: Pick<FlowEngine, 'start' | 'list'>;
  readonly reports: Pick<ReportService, 'run' | 'daily'>;
  readonly flow: FlowReference<{ deliveryId: string }, DeliveryEnd>;
}

const runsAtOnce = 50;
const startedAtOnce = 500;
/** Made up for when the server was away, but not later. */
const latestDigestMs = 6 * 3_600_000;
const noteOfJanitor = 'notify-janitor';
const noteOfDigest = 'notify-digest';

const janitorNoteSchema = z.object({ round: z.string(), problems: z.array(z.string()) });

/**
 * Makes messages of what happened and puts them into the outbox, each once; starts the flows that deliver them. Looks
 * from outside, so that no run waits for it. Several servers may look: ids are made of what happened.
 */
export class Notifier {
  readonly #deps: NotifierDeps;
  /** Deliveries whose flows this process has started, while they are pending. */
  #started: ReadonlySet<string> = new Set();

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
  }

  /** Runs that ended, and times of schedules without a run. */
  async look(): Promise<void> {
    const { store } = this.#deps.backup;
    for (const runId of await store.deliveries.untoldRuns(runsAtOnce)) {
      const message = await this.#ofRun(runId);
      if (message) await this.#tell(message);
      await store.deliveries.markRunTold(runId);
    }
    for (const time of await store.scheduleTimes.untold()) {
      const job = await store.jobs.find(time.jobId);
      if (job) await this.#tell(scheduleMessage(time, job.name));
      await store.scheduleTimes.markTold(time);
    }
    await this.#deliver();
  }

  /** What the janitor found, and the daily report. */
  async lookSeldom(): Promise<void> {
    await this.#janitor();
    await this.#digest();
  }

  async #ofRun(runId: string): Promise<Message | undefined> {
    try {
      return runMessage(await this.#deps.reports.run(runId));
    } catch (error) {
      if (isError(error, 'L-CFG-102') || isError(error, 'L-RUN-105')) return undefined;
      throw error;
    }
  }

  async #tell(told: Message): Promise<void> {
    const { store, clock } = this.#deps.backup;
    const message = withLinks(told, (await store.settings.console()).publicUrl);
    const createdAt = isoTime(clock.now());
    const channels = (await store.channels.list()).filter((channel) => wants(channel, message));
    await store.deliveries.add(
      channels.map(({ id }) => ({ id: `${message.id}-${id}`, channelId: id, message, createdAt })),
    );
  }

  async #deliver(): Promise<void> {
    const { backup, engine, flow } = this.#deps;
    const pending = await backup.store.deliveries.pending(startedAtOnce);
    const started = new Set<string>();
    for (const { id, channelId } of pending) {
      // A test is delivered by who asked for it.
      if (!this.#started.has(id) && !id.startsWith('test-'))
        await engine.start(
          flow,
          deliveryFlowId(id),
          { deliveryId: id },
          { queue: notificationQueue, partition: channelId },
        );
      started.add(id);
    }
    this.#started = started;
  }

  async #janitor(): Promise<void> {
    const { store, clock } = this.#deps.backup;
    const [newest] = await this.#deps.engine.list({ name: 'janitor', states: ['success'], limit: 1 });
    const report = newest && janitorReportSchema.safeParse(newest.result);
    if (!newest || !report?.success) return;
    const note = await store.settings.note(noteOfJanitor);
    const told = note === undefined ? undefined : janitorNoteSchema.parse(JSON.parse(note));
    if (told?.round === newest.id) return;
    const message = janitorMessage(newest.id, report.data, told?.problems ?? [], isoTime(clock.now()));
    if (message) await this.#tell(message);
    const { problems } = report.data;
    await store.settings.writeNote(noteOfJanitor, JSON.stringify({ round: newest.id, problems }));
  }

  async #digest(): Promise<void> {
    const { backup, reports } = this.#deps;
    const { store, clock } = backup;
    const channels = await store.channels.list();
    if (!channels.some(({ enabled, rules }) => enabled && rules.topics.includes('digest'))) return;
    const window = lastWindow(await store.settings.reports(), clock.now());
    if (!window) return;
    const told = await store.settings.note(noteOfDigest);
    if (told !== undefined && told >= window.date) return;
    // At the first look ever that time was before anybody wanted it; and nobody needs the report of a morning at night.
    const isWanted = told !== undefined && clock.now() - window.untilMs <= latestDigestMs;
    if (isWanted) await this.#tell(digestMessage(await reports.daily(window.date), isoTime(clock.now())));
    await store.settings.writeNote(noteOfDigest, window.date);
  }
}
