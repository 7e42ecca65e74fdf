import type { Job } from '@leeward/core';
import { Form, Wizard, WizardStep } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { navigate } from '../../router/location.ts';
import { pathTo } from '../../router/match.ts';
import { CliLine } from '../../ui/cli-line.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { ConsistencyStep } from './consistency-step.tsx';
import { type JobDraft, jobBody, jobCommand, missing, newDraft, sentences } from './job-draft.ts';
import { KeepStep } from './keep-step.tsx';
import { PathStep } from './path-step.tsx';
import { ReviewPlan } from './review-plan.tsx';
import { VmsStep } from './vms-step.tsx';
import { WhenStep } from './when-step.tsx';

/** A new job in steps: what, over which path, what is kept; the review has it in sentences and as a command. */
export default function JobWizardPage() {
  const [draft, setDraft] = useState<JobDraft>(newDraft);
  const change = (part: Partial<JobDraft>) => setDraft((before) => ({ ...before, ...part }));
  const { api } = useSession();
  const mayChange = useMay('change-job');
  const { busy, error, run } = useAction();
  const lacks = missing(draft);
  const lacksAny = lacks.name || lacks.vms || lacks.keep;
  const create = () =>
    run(async () => {
      const job = await api.post<Job>('/jobs', jobBody(draft));
      navigate(pathTo('/jobs/:id', { id: job.id }));
    });
  const steps = { draft, change };
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On narrow screens: its text names the step that one is at; the label that the library gives it hides that.
    box.current?.querySelector('.pf-v6-c-wizard__toggle')?.removeAttribute('aria-label');
  }, []);
  return (
    <PageFrame title="New job" above={{ title: 'Jobs', to: '/jobs' }} cli="leeward job create --help">
      {error === undefined ? null : <ProblemAlert problem={error} />}
      <div ref={box}>
        <Wizard
          isVisitRequired={false}
          onSave={() => void create()}
          onClose={() => navigate('/jobs')}
          navAriaLabel="Steps of the new job"
          className="lw-wizard"
        >
          <WizardStep name="Name" id="name" footer={{ isNextDisabled: lacks.name }}>
            <Form onSubmit={(event) => event.preventDefault()}>
              <TextField
                id="wizard-name"
                label="Name of the job"
                required
                value={draft.name}
                onChange={(name) => change({ name })}
              />
            </Form>
          </WizardStep>
          <WizardStep name="VMs" id="vms" footer={{ isNextDisabled: lacks.vms }}>
            <VmsStep {...steps} />
          </WizardStep>
          <WizardStep name="Data path" id="path">
            <PathStep {...steps} />
          </WizardStep>
          <WizardStep name="Keep" id="keep" footer={{ isNextDisabled: lacks.keep }}>
            <KeepStep {...steps} />
          </WizardStep>
          <WizardStep name="Consistency" id="consistency">
            <ConsistencyStep {...steps} />
          </WizardStep>
          <WizardStep name="When" id="when">
            <WhenStep {...steps} />
          </WizardStep>
          <WizardStep
            name="Review"
            id="review"
            footer={{ nextButtonText: 'Create job', isNextDisabled: lacksAny || busy || !mayChange }}
          >
            {lacksAny ? (
              <p>
                Missing yet:{' '}
                {[lacks.name ? 'a name' : '', lacks.vms ? 'VMs' : '', lacks.keep ? 'a repository' : '']
                  .filter(Boolean)
                  .join(', ')}
                .
              </p>
            ) : (
              <>
                <ul className="lw-bullets">
                  {sentences(draft).map((sentence) => (
                    <li key={sentence}>{sentence}</li>
                  ))}
                </ul>
                <CliLine command={jobCommand(draft, quoted)} />
                <ReviewPlan body={jobBody(draft)} />
              </>
            )}
          </WizardStep>
        </Wizard>
      </div>
    </PageFrame>
  );
}
