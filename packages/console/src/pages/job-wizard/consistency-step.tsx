import { Form, FormGroup, Radio } from '@patternfly/react-core';
import { SettingFields } from '../jobs/setting-fields.tsx';
import type { Quiesce } from './job-draft.ts';
import type { StepProps } from './step-props.ts';

const choices: readonly (readonly [Quiesce, string, string])[] = [
  [
    'off',
    'Crash-consistent',
    'As after a power cut. Shortest VMware snapshots, nothing is asked of the guests.',
  ],
  [
    'fall-back',
    'Quiesced where it works',
    'By VMware Tools; where that fails the point is crash-consistent, with a warning.',
  ],
  ['require', 'Quiesced or nothing', 'A VM that could not be quiesced gets no point.'],
];

/** What is asked of the guests before their VMware snapshot. */
export function ConsistencyStep({ draft, change }: StepProps) {
  return (
    <Form>
      <FormGroup role="radiogroup" label="Consistency" fieldId="wizard-quiesce">
        {choices.map(([value, label, description]) => (
          <Radio
            key={value}
            id={`quiesce-${value}`}
            name="quiesce"
            label={label}
            description={description}
            isChecked={draft.quiesce === value}
            onChange={() => change({ quiesce: value })}
          />
        ))}
      </FormGroup>
      <SettingFields
        group="consistency"
        prefix="wizard"
        texts={draft.settings}
        change={(settings) => change({ settings })}
      />
    </Form>
  );
}
