import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useMemo } from 'react';
import type { RunView } from '../../api/runs.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { PageProps } from '../../app/pages.tsx';
import { useMay, useSession } from '../../app/session-context.tsx';
import { navigate } from '../../router/location.ts';
import { pathTo } from '../../router/match.ts';
import { useNow } from '../../time/use-now.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { StateLabel } from '../../ui/state-label.tsx';
import { useAction } from '../../ui/use-action.ts';
import { When } from '../../ui/when.tsx';
import { ReportLinks } from '../reports/report-links.tsx';
import { GanttPicture } from './gantt.tsx';
import { ganttOf } from './gantt-layout.ts';
import { LiveProgress, RunFigures } from './run-figures.tsx';
import { StepList, VmList } from './vm-list.tsx';

/** A run while it happens and after. */
export default function RunPage({ params: { id = '' } }: PageProps) {
  const path = pathTo('/runs/:id', { id });
  const view = useResource<RunView>(path);
  const run = view.data?.run;
  const title = run?.kind === 'restore' ? 'Restore' : `Run of ${view.data?.jobName || 'job'}`;
  return (
    <PageFrame
      title={title}
      above={{ title: 'Runs', to: '/runs' }}
      cli={`leeward run watch ${id}`}
      json={path}
      badge={run ? <StateLabel state={run.state} /> : null}
      actions={view.data ? <Deeds view={view.data} path={path} /> : null}
    >
      <Loaded resource={view}>{(known) => <Whole view={known} />}</Loaded>
    </PageFrame>
  );
}

function Deeds({ view: { run, retriedBy }, path }: { readonly view: RunView; readonly path: string }) {
  if (run.endedAt === undefined) return <Cancel id={run.id} path={path} />;
  if (run.kind !== 'backup' || run.state === 'success') return null;
  return (
    <>
      {retriedBy === undefined ? <StartRun label="Retry failed VMs" path={`${path}/retry`} /> : null}
      {/* VMs that got a point are backed up again too: incrementally, from it. */}
      <StartRun label="Run the job again" path={pathTo('/jobs/:id/run', { id: run.jobId })} />
    </>
  );
}

function StartRun({ label, path }: { readonly label: string; readonly path: string }) {
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const start = () =>
    run(async () => {
      const { id } = await api.post<{ readonly id: string }>(path);
      navigate(pathTo('/runs/:id', { id }));
    });
  return (
    <>
      {error === undefined ? null : <ProblemAlert problem={error} />}
      <ActionButton allowed={useMay('run')} variant="secondary" isLoading={busy} onClick={() => void start()}>
        {label}
      </ActionButton>
    </>
  );
}

function Cancel({ id, path }: { readonly id: string; readonly path: string }) {
  const { api } = useSession();
  return (
    <ConfirmButton
      label="Cancel run"
      title="Cancel this run?"
      cli={`leeward run cancel ${id}`}
      allowed={useMay('run')}
      work={() => api.post(`${path}/cancel`)}
    >
      VMs that are done keep their points. The others get none from this run; what the run made on vCenter and
      arrays is removed.
    </ConfirmButton>
  );
}

function OtherRun({ id }: { readonly id: string }) {
  return <a href={pathTo('/runs/:id', { id })}>run {id}</a>;
}

const reportPath = (id: string) => pathTo('/runs/:id/report', { id });

function Whole({ view }: { readonly view: RunView }) {
  const { run, retriedBy, vms, steps, events, openObjects } = view;
  const nowMs = useNow(run.endedAt === undefined);
  const gantt = useMemo(() => ganttOf(view, nowMs), [view, nowMs]);
  return (
    <>
      {run.problem ? <ProblemAlert problem={run.problem} /> : null}
      <p className="lw-gap">
        Started <When at={run.startedAt} />
        {run.endedAt ? (
          <>
            , ended <When at={run.endedAt} />
          </>
        ) : null}
        {run.target ? `, of ${run.target.vmName} into ${run.target.folder} on proxy ${run.target.proxy}` : ''}
        {run.kind === 'backup' ? (
          <>
            , <a href={pathTo('/jobs/:id', { id: run.jobId })}>its job</a>
          </>
        ) : null}
        {run.retryOf === undefined ? null : (
          <>
            . Retry of <OtherRun id={run.retryOf} />: what that run did not back up
          </>
        )}
        {retriedBy === undefined ? null : (
          <>
            . What failed was tried again by <OtherRun id={retriedBy} />
          </>
        )}
      </p>
      <ReportLinks
        name="this run"
        forms={['html', 'json']}
        path={(form) => `${reportPath(run.id)}?format=${form}`}
      />
      <RunFigures view={view} nowMs={nowMs} />
      <LiveProgress view={view} />
      {events.map(({ vmKey, at, report }) => (
        <ProblemAlert key={`${vmKey} ${at} ${report.code}`} problem={report} variant="warning" />
      ))}
      <div className="lw-stack">
        <Card>
          <CardTitle component="h2">Steps over time</CardTitle>
          <CardBody>
            <GanttPicture gantt={gantt} />
            <StepList steps={steps.filter(({ scope }) => scope === '')} nowMs={nowMs} />
          </CardBody>
        </Card>
        {vms.length > 0 ? (
          <Card>
            <CardTitle component="h2">VMs</CardTitle>
            <CardBody>
              <VmList vms={vms} steps={steps} nowMs={nowMs} />
            </CardBody>
          </Card>
        ) : null}
        {openObjects.length > 0 ? (
          <Card>
            <CardTitle component="h2">What the run has on vCenter and arrays now</CardTitle>
            <CardBody>
              <ul>
                {openObjects.map(({ kind, name, state }) => (
                  <li key={`${kind} ${name}`}>
                    {kind} <code>{name}</code> ({state})
                  </li>
                ))}
              </ul>
            </CardBody>
          </Card>
        ) : null}
      </div>
    </>
  );
}
