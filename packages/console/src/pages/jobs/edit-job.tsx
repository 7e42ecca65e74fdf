import type { Job, QuiescePolicy, RelationRule } from '@leeward/core';
import { Checkbox, ExpandableSection, FormGroup, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import { quoted } from '../../format/quoted.ts';
import { EntryForm } from '../../ui/entry-form.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { draftOf, type EditDraft, editBody, editCommand, isReady, switches } from './edit-draft.ts';
import { SettingFields } from './setting-fields.tsx';

interface EditJobProps {
  readonly job: Job;
  readonly path: string;
}

const switchTexts: Readonly<Record<(typeof switches)[number], string>> = {
  failoverToPrimary: 'May fall to the primary (costs production I/O)',
  finishOnPrimary:
    'Goes on at the primary where the secondary of a synchronous relation is lost in the middle (costs production I/O)',
  failoverToStandard: 'May fall to the standard way through the ESXi host (costs production I/O)',
  failOnDowngrade: 'A downgrade makes the VM fail',
};

/** Everything that a job says can be changed here; its schedule has a form of its own. */
export function EditJob({ job, path }: EditJobProps) {
  const [draft, setDraft] = useState(() => draftOf(job));
  const change = (part: Partial<EditDraft>) => setDraft((before) => ({ ...before, ...part }));
  const saving = useSaving<Job>({ path, first: job, refill: (now) => setDraft(draftOf(now)) });
  const seen = saving.seen ?? job;
  const command = editCommand(draft, seen, quoted);
  const settings = { prefix: 'edit', texts: draft.settings };
  const changeSettings = (texts: EditDraft['settings']) => change({ settings: texts });
  return (
    <ExpandableSection toggleText="Change">
      <EntryForm
        label={`Change ${job.name}`}
        className="lw-form"
        action={saving}
        save="Save"
        ready={isReady(draft, seen)}
        {...(command === undefined ? {} : { cli: command })}
        submit={(over) => saving.save(editBody(draft, seen), over)}
      >
        <TextField
          id="edit-name"
          label="Name"
          required
          value={draft.name}
          onChange={(name) => change({ name })}
        />
        <FormGroup label="VMs: path, name or id, one a line" fieldId="edit-vms" isRequired>
          <TextArea
            id="edit-vms"
            value={draft.vms}
            rows={Math.min(12, draft.vms.split('\n').length + 1)}
            resizeOrientation="vertical"
            onChange={(_event, vms) => change({ vms })}
          />
        </FormGroup>
        <h3 className="lw-h2">Data path</h3>
        <FormGroup role="group" label="Where the secondary cannot be read" fieldId="edit-failoverToPrimary">
          {switches.map((key) => (
            <Checkbox
              key={key}
              id={`edit-${key}`}
              label={switchTexts[key]}
              isChecked={draft[key]}
              onChange={(_event, checked) => change({ [key]: checked })}
            />
          ))}
        </FormGroup>
        <TextField
          id="edit-relation"
          label="Relation to"
          value={draft.relation}
          onChange={(relation) => change({ relation })}
          help="The secondary array, or array/volume. Empty: the only one, or the rule chooses."
        />
        <SelectField
          id="edit-relationRule"
          label="Of several relations"
          value={draft.relationRule}
          choices={[
            ['healthiest', 'the healthiest, then that with the least lag'],
            ['least-lag', 'that with the least lag, then the healthiest'],
          ]}
          onChange={(rule) => change({ relationRule: rule as RelationRule })}
        />
        <TextField
          id="edit-preferredArrays"
          label="Those to these secondary arrays first"
          value={draft.preferredArrays}
          onChange={(preferredArrays) => change({ preferredArrays })}
          help="Names, separated by commas, best first."
        />
        <h3 className="lw-h2">Keep</h3>
        <SettingFields group="keep" {...settings} change={changeSettings} />
        <h3 className="lw-h2">Consistency</h3>
        <SelectField
          id="edit-quiesce"
          label="Guests"
          value={draft.quiesce}
          choices={[
            ['off', 'crash-consistent: nothing is asked of them'],
            ['fall-back', 'quiesced where it works'],
            ['require', 'quiesced or nothing'],
          ]}
          onChange={(quiesce) => change({ quiesce: quiesce as QuiescePolicy })}
        />
        <SettingFields group="consistency" {...settings} change={changeSettings} />
        <h3 className="lw-h2">Limits</h3>
        <SettingFields group="limits" {...settings} change={changeSettings} />
      </EntryForm>
    </ExpandableSection>
  );
}
