import type { Timer } from '@leeward/core';
import { browserClock } from '../time/browser-clock.ts';
import type { ResourceCache } from './resource-cache.ts';

/** What the server tells of a run that changed. */
interface RunChange {
  readonly id: string;
}

const tryAgainMs = 5_000;

/** Lets the cache read anew what the server says has changed. What is returned ends it. */
export function followEvents(cache: ResourceCache, onConnection: (isLive: boolean) => void): () => void {
  let source = connect();
  let timer: Timer | undefined;
  function connect(): EventSource {
    const made = new EventSource('/api/v1/events');
    made.addEventListener('run', (event: MessageEvent<string>) => {
      const { id } = JSON.parse(event.data) as RunChange;
      cache.refresh((path) => isOf(path, id));
    });
    // The server does not know any more what we missed.
    made.addEventListener('reset', () => cache.refresh());
    made.addEventListener('open', () => onConnection(true));
    made.addEventListener('error', () => {
      onConnection(false);
      // The browser tries again by itself where there was no answer; a refusal is final for it, not for us.
      if (made.readyState !== EventSource.CLOSED) return;
      timer = browserClock.after(tryAgainMs, () => {
        source = connect();
        cache.refresh();
      });
    });
    return made;
  }
  return () => {
    timer?.cancel();
    source.close();
  };
}

/** Lists that a run changes, and the run itself; not the pages of other runs. */
export function isOf(path: string, runId: string): boolean {
  const [, kind, id] = path.split(/[/?]/);
  if (kind === 'runs') return id === undefined || !path.startsWith('/runs/') || runId.startsWith(id);
  return kind === 'points' || kind === 'vms';
}
