import type { TopologyPath } from '@leeward/core/words/topology';
import { Checkbox, Form, FormGroup, FormSelect, FormSelectOption, Radio } from '@patternfly/react-core';
import { useMemo } from 'react';
import { useResource } from '../../api/use-resource.tsx';
import { SettingFields } from '../jobs/setting-fields.tsx';
import { topologyPicture } from '../topology/layout.ts';
import { TopologyDrawing } from '../topology/picture.tsx';
import type { Fallback } from './job-draft.ts';
import type { StepProps } from './step-props.ts';

const fallbacks: readonly (readonly [Fallback, string, string])[] = [
  ['none', 'Secondary only', 'A VM that cannot be read there fails. Production storage is never read.'],
  [
    'primary',
    'May fall to the primary',
    'Reads the primary array when the secondary cannot be read: costs production I/O.',
  ],
  [
    'standard',
    'May fall to the standard way',
    'After that reads through vCenter and the ESXi host: slowest, and the VMware snapshot lives as long as the read.',
  ],
];

/** Relations are offered of so many of the chosen VMs. */
const mostVms = 50;
const none: readonly TopologyPath[] = [];

/** The mission in one step: over which relation, and what happens where that does not work. */
export function PathStep({ draft, change }: StepProps) {
  const query = new URLSearchParams(draft.vms.slice(0, mostVms).map((vm) => ['vm', vm]));
  // Without one there would be no filter at all.
  if (draft.vms.length === 0) query.set('vm', '-');
  const paths = useResource<readonly TopologyPath[]>(`/topology?${query}`).data ?? none;
  const picture = useMemo(() => topologyPicture(paths.slice(0, 40), () => []), [paths]);
  const secondaries = [
    ...new Set(
      paths.flatMap(({ secondary }) => (secondary ? [`${secondary.array}/${secondary.volume}`] : [])),
    ),
  ].toSorted();
  return (
    <>
      <TopologyDrawing picture={picture} />
      <Form>
        <FormGroup label="Relation" fieldId="wizard-relation">
          <FormSelect
            id="wizard-relation"
            value={draft.relation}
            onChange={(_event, relation) => change({ relation })}
          >
            <FormSelectOption value="" label="The healthiest of each volume" />
            {secondaries.map((each) => (
              <FormSelectOption key={each} value={each} label={`Always to ${each}`} />
            ))}
          </FormSelect>
        </FormGroup>
        <FormGroup role="radiogroup" label="Where the secondary cannot be read" fieldId="wizard-fallback">
          {fallbacks.map(([value, label, description]) => (
            <Radio
              key={value}
              id={`fallback-${value}`}
              name="fallback"
              label={label}
              description={description}
              isChecked={draft.fallback === value}
              onChange={() => change({ fallback: value })}
            />
          ))}
          <Checkbox
            id="wizard-downgrade"
            label="A downgrade makes the VM fail (else it is a warning)"
            isChecked={draft.failOnDowngrade}
            onChange={(_event, failOnDowngrade) => change({ failOnDowngrade })}
          />
          <Checkbox
            id="wizard-finish"
            label="Of synchronous relations: go on at the primary where the secondary is lost in the middle (costs production I/O)"
            isChecked={draft.finishOnPrimary}
            onChange={(_event, finishOnPrimary) => change({ finishOnPrimary })}
          />
        </FormGroup>
        <SettingFields
          group="limits"
          prefix="wizard"
          texts={draft.settings}
          change={(settings) => change({ settings })}
        />
      </Form>
    </>
  );
}
