import { useEffect, useState } from 'react';
import { browserClock } from './browser-clock.ts';

/** Milliseconds since the epoch, told anew every `everyMs` while `running`; else as it was. */
export function useNow(running = true, everyMs = 1_000): number {
  const [nowMs, setNowMs] = useState(() => browserClock.now());
  useEffect(() => {
    if (!running) return;
    const tick = () => {
      setNowMs(browserClock.now());
      timer = browserClock.after(everyMs, tick);
    };
    let timer = browserClock.after(everyMs, tick);
    return () => timer.cancel();
  }, [running, everyMs]);
  return nowMs;
}
