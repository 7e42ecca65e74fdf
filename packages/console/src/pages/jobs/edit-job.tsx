import type { Job } from '@leeward/core';
import {
  ActionGroup,
  Button,
  Checkbox,
  ExpandableSection,
  Form,
  FormGroup,
  NumberInput,
} from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useSession } from '../../app/session-context.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';

interface EditJobProps {
  readonly job: Job;
  readonly path: string;
  readonly etag: string | undefined;
}

/** What is changed most: where a run may fall back to, and how much is kept. The rest: `leeward job edit`. */
export function EditJob({ job, path, etag }: EditJobProps) {
  // Of the state that the form was filled from: what others change later is not written over.
  const [known, setKnown] = useState(etag);
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const [draft, setDraft] = useState({
    failoverToPrimary: job.failoverToPrimary,
    failoverToStandard: job.failoverToStandard,
    failOnDowngrade: job.failOnDowngrade,
    secondaryKeep: job.secondaryKeep,
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      await api.patch<Job>(path, draft, known);
      setKnown((await api.read<Job>(path)).etag);
    });
  };
  const box = (key: 'failoverToPrimary' | 'failoverToStandard' | 'failOnDowngrade', label: string) => (
    <Checkbox
      id={`edit-${key}`}
      label={label}
      isChecked={draft[key]}
      onChange={(_event, checked) => setDraft({ ...draft, [key]: checked })}
    />
  );
  const keep = (count: number) =>
    setDraft({ ...draft, secondaryKeep: Math.min(1_000, Math.max(1, count || 1)) });
  return (
    <ExpandableSection toggleText="Change">
      <Form onSubmit={save} className="lw-form">
        {error === undefined ? null : <ProblemAlert problem={error} />}
        <FormGroup role="group" label="Data path" fieldId="edit-failoverToPrimary">
          {box('failoverToPrimary', 'May fall to the primary (costs production I/O)')}
          {box(
            'failoverToStandard',
            'May fall to the standard way through the ESXi host (costs production I/O)',
          )}
          {box('failOnDowngrade', 'A downgrade makes the VM fail')}
        </FormGroup>
        <FormGroup label="Storage snapshots to keep on the secondary" fieldId="edit-keep">
          <NumberInput
            id="edit-keep"
            min={1}
            max={1_000}
            value={draft.secondaryKeep}
            inputAriaLabel="Storage snapshots to keep on the secondary"
            minusBtnAriaLabel="One less"
            plusBtnAriaLabel="One more"
            onMinus={() => keep(draft.secondaryKeep - 1)}
            onPlus={() => keep(draft.secondaryKeep + 1)}
            onChange={(event) => keep(Number(event.currentTarget.value))}
          />
        </FormGroup>
        <ActionGroup>
          <Button type="submit" isLoading={busy} isDisabled={busy}>
            Save
          </Button>
        </ActionGroup>
      </Form>
    </ExpandableSection>
  );
}
