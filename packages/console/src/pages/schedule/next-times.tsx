import type { SchedulePreview } from '@leeward/core/schedule/job-view';
import { useEffect, useState } from 'react';
import { useSession } from '../../app/session-context.tsx';
import { browserClock } from '../../time/browser-clock.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { When } from '../../ui/when.tsx';
import { type ScheduleDraft, wordsOf } from './schedule-draft.ts';

/** Asked when nothing was typed for so long. */
const pauseMs = 300;

/** What the server understands, and the next five times. */
export function NextTimes({ draft }: { readonly draft: ScheduleDraft }) {
  const { api } = useSession();
  const [answer, setAnswer] = useState<{ readonly preview?: SchedulePreview; readonly error?: unknown }>({});
  const cron = wordsOf(draft) ?? '';
  const { timeZone } = draft;
  useEffect(() => {
    if (cron.trim() === '') {
      setAnswer({});
      return;
    }
    let isWanted = true;
    const tell = (found: typeof answer) => {
      if (isWanted) setAnswer(found);
    };
    const timer = browserClock.after(pauseMs, () => {
      const body = { cron, timeZone, count: 5 };
      api.post<SchedulePreview>('/schedules/preview', body).then(
        (preview) => tell({ preview }),
        (error: unknown) => tell({ error }),
      );
    });
    return () => {
      isWanted = false;
      timer.cancel();
    };
  }, [api, cron, timeZone]);
  const { preview, error } = answer;
  if (error !== undefined) return <ProblemAlert problem={error} variant="warning" />;
  if (!preview) return null;
  return (
    <div role="status">
      <p>
        <strong>{preview.words}</strong>, {preview.timeZone} (<code>{preview.cron}</code>). Next, by your
        clock:
      </p>
      <ol className="lw-plain">
        {preview.times.map((at) => (
          <li key={at}>
            <When at={at} />
          </li>
        ))}
      </ol>
    </div>
  );
}
