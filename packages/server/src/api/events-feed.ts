import type { Clock } from '@leeward/core';

/** What is known of something that can change: a text that differs as soon as it has. */
export interface Mark {
  readonly id: string;
  readonly jobId?: string | undefined;
  readonly mark: string;
}

export interface FeedEvent {
  /** Resumable: given back by who comes again. */
  readonly eventId: string;
  /** `reset`: it is not known any more what was missed. */
  readonly type: 'run' | 'reset';
  /** Of the run. */
  readonly id?: string;
  readonly jobId?: string | undefined;
}

export interface FeedListener {
  readonly send: (event: FeedEvent) => void;
  /** Nothing more comes; whoever listens has to come again. */
  readonly end: () => void;
}

export interface EventsFeedOptions {
  readonly look: () => Promise<readonly Mark[]>;
  readonly clock: Clock;
  readonly everyMs?: number;
  /** Events that can be resumed from. */
  readonly keep?: number;
}

/** Looks once for all who listen, while somebody does, and tells them what changed. */
export class EventsFeed {
  readonly #options: Required<EventsFeedOptions>;
  readonly #listeners = new Set<FeedListener>();
  #known = new Map<string, Mark>();
  #events: FeedEvent[] = [];
  /** Tells ids of this stretch of listening from those of others. */
  #stretch = 0;
  #count = 0;
  #looking: AbortController | undefined;

  constructor({ everyMs = 1_000, keep = 1_000, ...rest }: EventsFeedOptions) {
    this.#options = { everyMs, keep, ...rest };
  }

  /** To be called before `listen`, with no waiting in between. Throws what the first look throws. */
  async ready(): Promise<void> {
    if (this.#looking) return;
    const known = await this.#marks();
    if (!this.#looking) this.#begin(known);
  }

  /** Begins to listen, after what `lastEventId` names. Returns what ends it. */
  listen(listener: FeedListener, lastEventId: string | undefined): () => void {
    for (const event of this.#missed(lastEventId)) listener.send(event);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#rest();
    };
  }

  /** Ends for all who listen. */
  stop(): void {
    for (const { end } of [...this.#listeners]) end();
    this.#listeners.clear();
    this.#rest();
  }

  #begin(known: Map<string, Mark>): void {
    this.#known = known;
    this.#events = [];
    this.#stretch = Math.max(this.#stretch + 1, this.#options.clock.now());
    this.#looking = new AbortController();
    void this.#keepLooking(this.#looking.signal);
  }

  #rest(): void {
    this.#looking?.abort();
    this.#looking = undefined;
  }

  async #keepLooking(signal: AbortSignal): Promise<void> {
    const { clock, everyMs } = this.#options;
    try {
      for (;;) {
        await clock.sleep(everyMs, signal);
        if (this.#listeners.size === 0) return this.#rest();
        const now = await this.#marks();
        if (signal.aborted) return;
        this.#tell(now);
      }
    } catch {
      // Who listens comes again, and is then told what is wrong.
      if (!signal.aborted) this.stop();
    }
  }

  async #marks(): Promise<Map<string, Mark>> {
    return new Map((await this.#options.look()).map((each) => [each.id, each]));
  }

  #tell(now: Map<string, Mark>): void {
    const changed = [...now.values()].filter(({ id, mark }) => this.#known.get(id)?.mark !== mark);
    const gone = [...this.#known.values()].filter(({ id }) => !now.has(id));
    this.#known = now;
    for (const { id, jobId } of [...changed, ...gone]) {
      const event: FeedEvent = { eventId: `${this.#stretch}-${++this.#count}`, type: 'run', id, jobId };
      this.#events.push(event);
      for (const { send } of this.#listeners) send(event);
    }
    this.#events = this.#events.slice(-this.#options.keep);
  }

  /** Everything after that event; a reset where that is not known. Who comes for the first time missed nothing. */
  #missed(lastEventId: string | undefined): readonly FeedEvent[] {
    const now: FeedEvent = { eventId: `${this.#stretch}-${this.#count}`, type: 'reset' };
    if (lastEventId === undefined) return [];
    if (lastEventId === now.eventId) return [];
    const at = this.#events.findIndex(({ eventId }) => eventId === lastEventId);
    return at < 0 ? [now] : this.#events.slice(at + 1);
  }
}
