import { Form, FormGroup, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useResource } from '../../api/use-resource.tsx';
import type { Repository } from '../../api/work.ts';
import { PageLink } from '../../ui/page-link.tsx';
import { SettingFields } from '../jobs/setting-fields.tsx';
import { noRepository } from './job-draft.ts';
import type { StepProps } from './step-props.ts';

/** What stays in the repository and on both arrays, and how long it is locked. */
export function KeepStep({ draft, change }: StepProps) {
  const repositories = useResource<readonly Repository[]>('/repositories').data ?? [];
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
          There is no repository yet: <PageLink to="/repositories">make one first</PageLink>.
        </p>
      ) : null}
      <SettingFields
        group="keep"
        prefix="wizard"
        texts={draft.settings}
        change={(settings) => change({ settings })}
      />
    </Form>
  );
}
