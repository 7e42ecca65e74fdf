import { Form, FormGroup, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useResource } from '../../api/use-resource.tsx';
import type { Repository } from '../../api/work.ts';
import { TextField } from '../../ui/text-field.tsx';
import { type JobDraft, noRepository } from './job-draft.ts';
import type { StepProps } from './step-props.ts';

/** What stays in the repository and on both arrays, and how long it is locked. */
export function KeepStep({ draft, change }: StepProps) {
  const repositories = useResource<readonly Repository[]>('/repositories').data ?? [];
  const field = (
    key: keyof JobDraft & ('keepPoints' | 'secondaryKeep' | 'primaryKeep' | 'secondaryLockDays'),
  ) => ({
    id: `wizard-${key}`,
    type: 'number' as const,
    value: draft[key],
    onChange: (value: string) => change({ [key]: value }),
  });
  return (
    <Form>
      <FormGroup label="Repository" fieldId="wizard-repository" isRequired>
        <FormSelect
          id="wizard-repository"
          value={draft.repository}
          onChange={(_event, repository) => change({ repository })}
        >
          <FormSelectOption value="" label="Choose where the points go" isPlaceholder />
          {repositories.map(({ id, name }) => (
            <FormSelectOption key={id} value={name} label={name} />
          ))}
          <FormSelectOption value={noRepository} label="None: storage snapshots on the arrays alone" />
        </FormSelect>
      </FormGroup>
      {repositories.length === 0 ? (
        <p>
          There is no repository yet: <a href="/repositories">make one first</a>.
        </p>
      ) : null}
      <TextField
        {...field('keepPoints')}
        label="Points of each VM in the repository"
        help="Empty: all stay."
      />
      <TextField
        {...field('secondaryKeep')}
        label="Storage snapshots on the secondary"
        help="Never fewer than 1."
      />
      <TextField
        {...field('secondaryLockDays')}
        label="Days that each of them is locked"
        help="Empty: none. Nobody, not even an administrator of the array, can delete a locked one before."
      />
      <TextField
        {...field('primaryKeep')}
        label="Storage snapshots on the primary"
        help="Empty: only the base of the next transfer."
      />
    </Form>
  );
}
