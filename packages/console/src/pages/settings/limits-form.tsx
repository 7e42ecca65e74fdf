import { FormGroup, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useState } from 'react';
import type { Settings } from '../../api/work.ts';
import { useMay } from '../../app/session-context.tsx';
import { EntryForm } from '../../ui/entry-form.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';

const names: Readonly<Record<string, string>> = {
  vmwareSnapshotsPerDatastore: 'VMware snapshots of Leeward per datastore',
  vmwareSnapshotsPerHost: 'VMware snapshots of Leeward per ESXi host',
  vmwareSnapshotsPerVcenter: 'VMware snapshots of Leeward per vCenter',
  standardVmsPerHost: 'VMs read the standard way per ESXi host',
  standardVmsPerVcenter: 'VMs read the standard way per vCenter',
};

/** Limits over all jobs, and the data path. */
export function LimitsForm({ settings }: { readonly settings: Settings }) {
  const [{ limits, through, giveUp }, setDraft] = useState(() => draftOf(settings));
  const mayChange = useMay('administer');
  const saving = useSaving<Settings>({
    path: '/settings',
    first: settings,
    refill: (now) => setDraft(draftOf(now)),
  });
  const change = (part: Partial<LimitsDraft>) => setDraft({ limits, through, giveUp, ...part });
  return (
    <EntryForm
      label="Limits and data path"
      className="lw-form"
      action={saving}
      save="Save"
      allowed={mayChange}
      submit={(over) => saving.save(limitsBody({ limits, through, giveUp }), over)}
    >
      <h2 className="lw-h2">At the same time, over all jobs and runs</h2>
      {Object.entries(limits).map(([key, value]) => (
        <TextField
          key={key}
          id={`limit-${key}`}
          type="number"
          label={names[key] ?? key}
          value={value}
          onChange={(text) => change({ limits: { ...limits, [key]: text } })}
        />
      ))}
      <h2 className="lw-h2">Data path</h2>
      <TextField
        id="give-up"
        type="number"
        label="A data port that answers nothing for so many seconds counts as lost"
        value={giveUp}
        onChange={(value) => change({ giveUp: value })}
      />
      <FormGroup label="The standard way reads" fieldId="standard-through">
        <FormSelect
          id="standard-through"
          value={through}
          onChange={(_event, value) => change({ through: value })}
        >
          <FormSelectOption value="vcenter" label="through vCenter" />
          <FormSelectOption value="host" label="at the ESXi hosts themselves" />
        </FormSelect>
      </FormGroup>
    </EntryForm>
  );
}

interface LimitsDraft {
  readonly limits: Readonly<Record<string, string>>;
  readonly through: string;
  readonly giveUp: string;
}

function draftOf({ limits, dataPath }: Settings): LimitsDraft {
  return {
    limits: Object.fromEntries(Object.entries(limits).map(([key, value]) => [key, String(value)])),
    through: dataPath.standardThrough,
    giveUp: String(dataPath.giveUpSeconds),
  };
}

function limitsBody({ limits, through, giveUp }: LimitsDraft): object {
  return {
    limits: Object.fromEntries(Object.entries(limits).map(([key, text]) => [key, Number(text)])),
    dataPath: { giveUpSeconds: Number(giveUp), standardThrough: through },
  };
}
