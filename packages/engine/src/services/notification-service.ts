import { hostname } from 'node:os';
import {
  bounded,
  type Clock,
  type ErrorReport,
  isoTime,
  type Job,
  LeewardError,
  type NotificationRules,
  notificationDefaults,
  reportOf,
} from '@leeward/core';
import type { BackupDeps } from '../backup/backup-deps.ts';
import { channelMail } from '../notify/channel-mail.ts';
import { applySecrets, type TargetChanges, type TargetInput, targetOf } from '../notify/channel-target.ts';
import { withLinks } from '../notify/message-links.ts';
import { channelSecrets, sendOver } from '../notify/send.ts';
import { testMessage } from '../notify/test-message.ts';
import type { Channel } from '../store/channels.ts';
import type { Delivery, DeliveryState } from '../store/deliveries.ts';
import { findOne } from './find.ts';
import type { ReportService } from './report-service.ts';

export interface CreateChannel {
  readonly name: string;
  readonly enabled?: boolean | undefined;
  readonly rules?: ChangedRules | undefined;
  readonly target: TargetInput;
}

/** What is left out stays as it is; the kind of a channel stays. */
export interface EditChannel {
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly rules?: ChangedRules | undefined;
  readonly target?: TargetChanges | undefined;
}

export interface ChangedRules {
  readonly topics?: NotificationRules['topics'] | undefined;
  readonly severities?: NotificationRules['severities'] | undefined;
  /** Names or ids; `null`: all. */
  readonly jobs?: readonly string[] | null | undefined;
}

/** A channel, without its secrets, and how its last message fared. */
export interface ChannelView extends Channel {
  readonly lastDelivery?: DeliveryView;
}

export interface DeliveryView extends Omit<Delivery, 'message'> {
  readonly channelName: string;
  readonly title: string;
  readonly severity: Delivery['message']['severity'];
  readonly topics: readonly string[];
  readonly runId?: string;
}

export interface TestedChannel {
  readonly delivered: boolean;
  readonly durationMs: number;
  readonly problem?: ErrorReport;
}

const testTimeoutMs = 45_000;

/** Channels over which people hear of what happens. */
export class NotificationService {
  readonly #deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>;
  readonly #reports: Pick<ReportService, 'run' | 'daily'>;

  constructor(
    deps: Pick<BackupDeps, 'store' | 'clock' | 'randomness'>,
    reports: Pick<ReportService, 'run' | 'daily'>,
  ) {
    this.#deps = deps;
    this.#reports = reports;
  }

  async list(): Promise<readonly ChannelView[]> {
    const { store } = this.#deps;
    const [channels, newest] = await Promise.all([store.channels.list(), store.deliveries.newest()]);
    return channels.map((channel) => {
      const last = newest.get(channel.id);
      return { ...channel, ...(last ? { lastDelivery: deliveryView(last, channel.name) } : {}) };
    });
  }

  async find(wanted: string): Promise<ChannelView> {
    return findOne('notification channel', await this.list(), wanted);
  }

  async create({ name, enabled = true, rules = {}, target: input }: CreateChannel): Promise<ChannelView> {
    const { store, randomness } = this.#deps;
    await this.#requireFreeName(name);
    const id = randomness.uuid();
    const target = targetOf(input);
    const channel = { id, name, enabled, target, rules: await this.#rules(rules, notificationDefaults) };
    await applySecrets(store.secrets, id, input);
    await store.channels.put(channel);
    return channel;
  }

  async edit(wanted: string, changes: EditChannel): Promise<ChannelView> {
    const { store } = this.#deps;
    const { lastDelivery: _, ...known } = await this.find(wanted);
    const { name = known.name, enabled = known.enabled, rules = {} } = changes;
    if (name !== known.name) await this.#requireFreeName(name);
    if (changes.target && changes.target.kind !== known.target.kind)
      throw new LeewardError('L-NTF-105', {
        ...{ name: known.name, kind: known.target.kind, given: `a ${changes.target.kind} target` },
      });
    const target = changes.target ? targetOf(changes.target, known.target) : known.target;
    const newRules = await this.#rules(rules, known.rules);
    if (changes.target) await applySecrets(store.secrets, known.id, changes.target);
    await store.channels.put({ id: known.id, name, enabled, rules: newRules, target });
    return this.find(known.id);
  }

  /** With its secrets and what is known of its deliveries; what is being delivered is given up. */
  async remove(wanted: string): Promise<ChannelView> {
    const { store } = this.#deps;
    const channel = await this.find(wanted);
    await store.channels.remove(channel.id);
    for (const secretId of Object.values(channelSecrets)) await store.secrets.remove(secretId(channel.id));
    return channel;
  }

  /** Sends a message now, also over a channel that is switched off, and says what happened. */
  async test(wanted: string): Promise<TestedChannel> {
    const { store, clock, randomness } = this.#deps;
    const channel = await this.find(wanted);
    const startedMs = clock.monotonicMs();
    const deliveryId = `test-${randomness.uuid()}`;
    const { publicUrl } = await store.settings.console();
    const message = withLinks(testMessage(channel.name, deliveryId, isoTime(clock.now())), publicUrl);
    await store.deliveries.add([{ id: deliveryId, channelId: channel.id, message, createdAt: message.at }]);
    let problem: ErrorReport | undefined;
    try {
      const bound = { name: `the target of channel ${channel.name}`, timeoutMs: testTimeoutMs };
      await bounded(clock, bound, (signal) =>
        sendOver(this.sendDeps(clock), channel, message, deliveryId, signal),
      );
    } catch (error) {
      problem = reportOf(error);
    }
    await store.deliveries.tried(deliveryId, problem);
    await store.deliveries.end(deliveryId, problem ? 'failed' : 'delivered', isoTime(clock.now()));
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    return { delivered: !problem, durationMs, ...(problem ? { problem } : {}) };
  }

  /** What was sent, newest first. */
  async deliveries(
    filter: { readonly channel?: string | undefined; readonly state?: DeliveryState | undefined } = {},
    limit = 100,
  ): Promise<readonly DeliveryView[]> {
    const { store } = this.#deps;
    const channels = await store.channels.list();
    const { channel, state } = filter;
    const channelId =
      channel === undefined ? undefined : findOne('notification channel', channels, channel).id;
    const names = new Map(channels.map(({ id, name }) => [id, name]));
    const found = await store.deliveries.list({ channelId, state }, limit);
    return found.map((delivery) => deliveryView(delivery, names.get(delivery.channelId) ?? ''));
  }

  /** What sending needs, here and in flows. */
  sendDeps(clock: Clock) {
    const { store } = this.#deps;
    return { store, clock, hostname: hostname(), mailOf: channelMail(this.#reports) };
  }

  async #requireFreeName(name: string): Promise<void> {
    const channels = await this.#deps.store.channels.list();
    if (channels.some((each) => each.name === name))
      throw new LeewardError('L-CFG-101', { kind: 'notification channel', name });
  }

  async #rules(changes: ChangedRules, known: NotificationRules): Promise<NotificationRules> {
    const { topics = known.topics, severities = known.severities, jobs } = changes;
    const all = jobs ? await this.#deps.store.jobs.list() : [];
    const ids = jobs ? jobs.map((job) => findOne<Job>('job', all, job).id) : known.jobs;
    return { topics, severities, ...(jobs === null || !ids ? {} : { jobs: [...new Set(ids)] }) };
  }
}

function deliveryView({ message, ...delivery }: Delivery, channelName: string): DeliveryView {
  const { title, severity, topics, runId } = message;
  return { ...delivery, channelName, title, severity, topics, ...(runId === undefined ? {} : { runId }) };
}
