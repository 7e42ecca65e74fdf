import type { JobView } from '@leeward/core/schedule/job-view';
import { ExpandableSection, Label } from '@patternfly/react-core';
import { useState } from 'react';
import type { ScheduleTime } from '../../api/schedules.ts';
import { useResource } from '../../api/use-resource.tsx';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { CodeLink } from '../../ui/code-link.tsx';
import { EntryForm } from '../../ui/entry-form.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useSaving } from '../../ui/use-saving.ts';
import { When } from '../../ui/when.tsx';
import { draftOf, newSchedule, scheduleBody, scheduleFlags } from './schedule-draft.ts';
import { ScheduleFields } from './schedule-fields.tsx';

interface ScheduleCardProps {
  readonly job: JobView;
  readonly path: string;
}

/** When a job is started by itself, what became of its times, and how to change that. */
export function ScheduleCard({ job, path }: ScheduleCardProps) {
  const { schedule, scheduleWords, nextRunAt } = job;
  const mayChange = useMay('change-job');
  return (
    <>
      {schedule ? (
        <div className="lw-head-row lw-gap">
          <strong>{scheduleWords}</strong>
          <span>{schedule.timeZone}</span>
          {nextRunAt ? (
            <span>
              next <When at={nextRunAt} />
            </span>
          ) : (
            <Label isCompact status="warning">
              switched off
            </Label>
          )}
          <Switch isOn={schedule.enabled} path={path} name={job.name} />
        </div>
      ) : (
        <p className="lw-gap">Only by hand: “Run now”, the command line, the API or a scheduler of yours.</p>
      )}
      {schedule ? <Times path={path} /> : null}
      {mayChange ? (
        <ExpandableSection toggleText="Change the schedule">
          <ScheduleForm job={job} path={path} />
        </ExpandableSection>
      ) : null}
    </>
  );
}

function Switch({
  isOn,
  path,
  name,
}: {
  readonly isOn: boolean;
  readonly path: string;
  readonly name: string;
}) {
  const { api } = useSession();
  const { busy, error, run } = useAction();
  return (
    <>
      <ActionButton
        allowed={useMay('run')}
        variant="secondary"
        size="sm"
        isLoading={busy}
        aria-label={isOn ? `Switch off: schedule of ${name}` : `Switch on: schedule of ${name}`}
        onClick={() => void run(() => api.post(`${path}/${isOn ? 'disable' : 'enable'}`))}
      >
        {isOn ? 'Switch off' : 'Switch on'}
      </ActionButton>
      {error === undefined ? null : <ProblemAlert problem={error} />}
    </>
  );
}

const shownTimes = 5;

/** The last times, as far as something is to be told of them. */
function Times({ path }: { readonly path: string }) {
  const times = useResource<readonly ScheduleTime[]>(`${path}/times?limit=${shownTimes}`).data ?? [];
  if (times.length === 0) return null;
  return (
    <ul className="lw-plain lw-lines lw-gap" aria-label="Last times of the schedule">
      {times.map(({ dueAt, outcome, times: count, runId, report }) => (
        <li key={dueAt}>
          <When at={dueAt} />
          <span>{outcome}</span>
          {count > 1 ? <span className="lw-faint-text">and {count - 1} times before it</span> : null}
          {runId ? <a href={pathTo('/runs/:id', { id: runId })}>run</a> : null}
          {report ? <CodeLink code={report.code} title={report.what} /> : null}
        </li>
      ))}
    </ul>
  );
}

function ScheduleForm({ job, path }: ScheduleCardProps) {
  const { name } = job;
  const [draft, setDraft] = useState(() => draftOfJob(job));
  const saving = useSaving<JobView>({ path, first: job, refill: (now) => setDraft(draftOfJob(now)) });
  const flags = scheduleFlags(draft, quoted);
  return (
    <EntryForm
      label={`Schedule of ${name}`}
      className="lw-form"
      action={saving}
      save="Save the schedule"
      cli={['leeward job edit', quoted(name), ...(flags.length > 0 ? flags : ['--no-schedule'])].join(' ')}
      submit={(over) => saving.save({ schedule: scheduleBody(draft) ?? null }, over)}
    >
      <ScheduleFields draft={draft} change={(part) => setDraft({ ...draft, ...part })} />
    </EntryForm>
  );
}

function draftOfJob({ schedule }: JobView) {
  return schedule ? draftOf(schedule) : newSchedule(Intl.DateTimeFormat().resolvedOptions().timeZone);
}
