import { Form } from '@patternfly/react-core';
import { ScheduleFields } from '../schedule/schedule-fields.tsx';
import type { StepProps } from './step-props.ts';

/** When it runs by itself. */
export function WhenStep({ draft, change }: StepProps) {
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <ScheduleFields
        draft={draft.schedule}
        change={(part) => change({ schedule: { ...draft.schedule, ...part } })}
      />
    </Form>
  );
}
