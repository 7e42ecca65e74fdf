import type { Plan } from '@leeward/core';
import type { JobView } from '@leeward/core/schedule/job-view';
import { Button, Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useState } from 'react';
import type { Run } from '../../api/runs.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { RemovedJob } from '../../api/work.ts';
import type { PageProps } from '../../app/pages.tsx';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { navigate } from '../../router/location.ts';
import { pathTo } from '../../router/match.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';
import { ScheduleCard } from '../schedule/schedule-card.tsx';
import { JobChain } from '../storage/job-chain.tsx';
import { EditJob } from './edit-job.tsx';
import { ExplainCard } from './explain-card.tsx';
import { JobFacts } from './job-facts.tsx';
import { PlanView } from './plan-view.tsx';
import { RunDots } from './run-dots.tsx';

/** One job: what it says, what a run would do, its last runs. */
export default function JobPage({ params: { id = '' } }: PageProps) {
  const path = pathTo('/jobs/:id', { id });
  const job = useResource<JobView>(path);
  const runs = useResource<readonly Run[]>(`/runs?jobId=${encodeURIComponent(job.data?.id ?? id)}&limit=20`);
  const { api } = useSession();
  const mayRun = useMay('run');
  const mayChange = useMay('change-job');
  const action = useAction();
  const start = () =>
    action.run(async () => {
      const run = await api.post<Run>(`${path}/run`);
      navigate(pathTo('/runs/:id', { id: run.id }));
    });
  const name = job.data?.name ?? 'Job';
  return (
    <PageFrame
      title={name}
      above={{ title: 'Jobs', to: '/jobs' }}
      cli={`leeward job show ${quoted(name)}`}
      json={path}
      actions={
        <>
          <ActionButton allowed={mayRun} variant="primary" isLoading={action.busy} onClick={start}>
            Run now
          </ActionButton>
          <ConfirmButton
            label="Remove"
            title={`Remove the job ${name}?`}
            cli={`leeward job remove ${quoted(name)}`}
            allowed={mayChange}
            work={async () => {
              await api.delete<RemovedJob>(path);
              navigate('/jobs');
            }}
          >
            Its points stay in the repository and its storage snapshots stay on the arrays; nobody looks after
            those any more.
          </ConfirmButton>
        </>
      }
    >
      {action.error === undefined ? null : <ProblemAlert problem={action.error} />}
      <Loaded resource={job}>
        {(known) => (
          <div className="lw-stack">
            <Card>
              <CardTitle component="h2">What it says</CardTitle>
              <CardBody>
                <JobFacts job={known} />
                {mayChange ? <EditJob key={known.id} job={known} path={path} /> : null}
              </CardBody>
            </Card>
            <Card>
              <CardTitle component="h2">Schedule</CardTitle>
              <CardBody>
                <ScheduleCard key={known.id} job={known} path={path} />
              </CardBody>
            </Card>
            <Card>
              <CardTitle component="h2">Last runs</CardTitle>
              <CardBody>
                <Loaded resource={runs}>
                  {(list) => (list.length === 0 ? <p>It has not run yet.</p> : <RunDots runs={list} />)}
                </Loaded>
              </CardBody>
            </Card>
            <Card>
              <CardTitle component="h2">Chain of storage snapshots</CardTitle>
              <CardBody>
                <JobChain jobId={known.id} />
                <Adopt path={path} name={known.name} />
              </CardBody>
            </Card>
            <PlanCard path={path} name={known.name} />
            <ExplainCard path={path} name={known.name} vms={known.vms} />
          </div>
        )}
      </Loaded>
    </PageFrame>
  );
}

/** Takes over what removed jobs left on the same volumes. */
function Adopt({ path, name }: { readonly path: string; readonly name: string }) {
  const { api } = useSession();
  const mayAdopt = useMay('make-storage-snapshot');
  const [names, setNames] = useState<readonly string[]>();
  return (
    <>
      <ConfirmButton
        small
        danger={false}
        label="Adopt what removed jobs left"
        title={`Let ${name} look after what removed jobs left on its volumes?`}
        cli={`leeward chain adopt ${quoted(name)}`}
        allowed={mayAdopt}
        work={async () => {
          const adopted = await api.post<{ readonly storageSnapshots: readonly string[] }>(
            `${path}/chains/adopt`,
          );
          setNames(adopted.storageSnapshots);
        }}
      >
        Storage snapshots of Leeward whose job is gone count in the chains of this job from then on, and go by
        its rules. What others made is never touched.
      </ConfirmButton>
      {names ? (
        <p role="status">
          {names.length === 0 ? 'There was nothing to adopt.' : `Adopted: ${names.join(', ')}`}
        </p>
      ) : null}
    </>
  );
}

function PlanCard({ path, name }: { readonly path: string; readonly name: string }) {
  const { api } = useSession();
  const [plan, setPlan] = useState<Plan>();
  const { busy, error, run } = useAction();
  const make = () => run(async () => setPlan(await api.post<Plan>(`${path}/plan`)));
  return (
    <Card>
      <CardTitle component="h2">Plan</CardTitle>
      <CardBody>
        <p className="lw-gap">
          What a run would do now, and why not by another way. It reads vCenter and arrays and touches
          nothing. The same: <code>leeward job plan {quoted(name)}</code>
        </p>
        <Button variant="secondary" isLoading={busy} isDisabled={busy} onClick={make}>
          {plan ? 'Make the plan anew' : 'Make the plan'}
        </Button>
        {error === undefined ? null : <ProblemAlert problem={error} />}
        {plan ? <PlanView plan={plan} /> : null}
      </CardBody>
    </Card>
  );
}
