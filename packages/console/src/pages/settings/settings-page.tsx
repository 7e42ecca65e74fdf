import { ActionGroup, Form, FormGroup, FormSelect, FormSelectOption } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useResource } from '../../api/use-resource.tsx';
import type { Settings } from '../../api/work.ts';
import { useMay, useSession } from '../../app/session-context.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { MoreSettingsForm } from './more-settings-form.tsx';
import { ServerDeeds } from './server-deeds.tsx';

const names: Readonly<Record<string, string>> = {
  vmwareSnapshotsPerDatastore: 'VMware snapshots of Leeward per datastore',
  vmwareSnapshotsPerHost: 'VMware snapshots of Leeward per ESXi host',
  vmwareSnapshotsPerVcenter: 'VMware snapshots of Leeward per vCenter',
  standardVmsPerHost: 'VMs read the standard way per ESXi host',
  standardVmsPerVcenter: 'VMs read the standard way per vCenter',
};

/** Settings of the whole installation. */
export default function SettingsPage() {
  const settings = useResource<Settings>('/settings');
  return (
    <PageFrame title="Settings" cli="leeward settings show">
      <Loaded resource={settings}>
        {(known) => (
          <div className="lw-stack">
            <SettingsForm settings={known} />
            <MoreSettingsForm settings={known} />
          </div>
        )}
      </Loaded>
      <ServerDeeds />
    </PageFrame>
  );
}

function SettingsForm({ settings }: { readonly settings: Settings }) {
  const [limits, setLimits] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(Object.entries(settings.limits).map(([key, value]) => [key, String(value)])),
  );
  const [through, setThrough] = useState<string>(settings.dataPath.standardThrough);
  const [giveUp, setGiveUp] = useState(String(settings.dataPath.giveUpSeconds));
  const mayChange = useMay('administer');
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const numbers = Object.fromEntries(Object.entries(limits).map(([key, text]) => [key, Number(text)]));
    void run(() =>
      api.patch('/settings', {
        limits: numbers,
        dataPath: { giveUpSeconds: Number(giveUp), standardThrough: through },
      }),
    );
  };
  return (
    <Form onSubmit={submit} className="lw-form">
      {error === undefined ? null : <ProblemAlert problem={error} />}
      <h2 className="lw-h2">At the same time, over all jobs and runs</h2>
      {Object.entries(limits).map(([key, value]) => (
        <TextField
          key={key}
          id={`limit-${key}`}
          type="number"
          label={names[key] ?? key}
          value={value}
          onChange={(text) => setLimits({ ...limits, [key]: text })}
        />
      ))}
      <h2 className="lw-h2">Data path</h2>
      <TextField
        id="give-up"
        type="number"
        label="A data port that answers nothing for so many seconds counts as lost"
        value={giveUp}
        onChange={setGiveUp}
      />
      <FormGroup label="The standard way reads" fieldId="standard-through">
        <FormSelect id="standard-through" value={through} onChange={(_event, value) => setThrough(value)}>
          <FormSelectOption value="vcenter" label="through vCenter" />
          <FormSelectOption value="host" label="at the ESXi hosts themselves" />
        </FormSelect>
      </FormGroup>
      <ActionGroup>
        <ActionButton allowed={mayChange} type="submit" variant="primary" isLoading={busy}>
          Save
        </ActionButton>
      </ActionGroup>
    </Form>
  );
}
