import {
  ActionGroup,
  Checkbox,
  Form,
  FormGroup,
  FormSelect,
  FormSelectOption,
  SearchInput,
} from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import type { Run } from '../../api/runs.ts';
import type { ProxyView } from '../../api/systems.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { Point } from '../../api/work.ts';
import { useMay, useSession } from '../../app/session-context.tsx';
import { bytes } from '../../format/bytes.ts';
import { quoted } from '../../format/quoted.ts';
import { localTime } from '../../format/when.ts';
import { navigate } from '../../router/location.ts';
import { pathTo } from '../../router/match.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { CliLine } from '../../ui/cli-line.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../../ui/use-action.ts';

/** A choice is no list of all: what is looked for narrows it. */
const mostChoices = 200;

export default function RestorePage() {
  const points = useResource<readonly Point[]>('/points?limit=1');
  return (
    <PageFrame title="Restore" cli="leeward restore vm --help">
      <Loaded resource={points}>
        {(known) =>
          known.length === 0 ? (
            <NothingYet
              title="There is nothing to restore from yet"
              action={<a href="/jobs">Go to the jobs</a>}
            >
              A restore starts from a point, which a run of a job makes of each VM.
            </NothingYet>
          ) : (
            <RestoreForm />
          )
        }
      </Loaded>
    </PageFrame>
  );
}

function RestoreForm() {
  const [chosen, choose] = useQueryState('point');
  const [find, setFind] = useState('');
  const [toFolder, setToFolder] = useState('');
  const [overwrite, setOverwrite] = useState(false);
  const { api } = useSession();
  const mayRestore = useMay('restore');
  const { busy, error, run } = useAction();
  const wanted = find.trim() === '' ? '' : `&find=${encodeURIComponent(find.trim())}`;
  const found = useResource<readonly Point[]>(`/points?limit=${mostChoices}${wanted}`).data ?? [];
  const asked = useResource<Point | readonly Point[]>(
    chosen === '' ? '/points?limit=1' : pathTo('/points/:id', { id: chosen }),
  ).data;
  const point = chosen === '' || asked === undefined || !('id' in asked) ? undefined : asked;
  const choices = point && !found.some(({ id }) => id === point.id) ? [point, ...found] : found;
  const proxies = useResource<readonly ProxyView[]>('/proxies').data ?? [];
  const places = proxies
    .flatMap(({ name, restoreFolders }) =>
      restoreFolders ? [` Proxy ${name} restores into ${restoreFolders.join(', ')}.`] : [],
    )
    .join('');
  const isReady = point !== undefined && toFolder.startsWith('/');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const started = await api.post<Run>('/restores', { point: chosen, toFolder, overwrite });
      navigate(pathTo('/runs/:id', { id: started.id }));
    });
  };
  return (
    <Form onSubmit={submit} className="lw-form">
      {error === undefined ? null : <ProblemAlert problem={error} />}
      <FormGroup label="Find a VM" fieldId="restore-find">
        <SearchInput
          searchInputId="restore-find"
          aria-label="Find a VM"
          placeholder="Name or path"
          value={find}
          onChange={(_event, text) => setFind(text)}
          onClear={() => setFind('')}
        />
      </FormGroup>
      <FormGroup label="Point" fieldId="restore-point" isRequired>
        <FormSelect id="restore-point" value={chosen} onChange={(_event, value) => choose(value)}>
          <FormSelectOption value="" label="Choose the state to restore" isPlaceholder />
          {choices.map((each) => (
            <FormSelectOption key={each.id} value={each.id} label={labelOf(each)} />
          ))}
        </FormSelect>
      </FormGroup>
      {point ? (
        <p>
          Writes {bytes(point.facts.disks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))} at most: the
          configuration and {point.facts.disks.map(({ label }) => label).join(', ')}. It reads the repository,
          no array.
        </p>
      ) : null}
      <TextField
        id="restore-folder"
        label="Into the folder"
        required
        value={toFolder}
        onChange={setToFolder}
        help={`An absolute path on the proxy's host; it is made where it is missing.${places}`}
      />
      <Checkbox
        id="restore-overwrite"
        label="Replace files that are there already"
        isChecked={overwrite}
        onChange={(_event, checked) => setOverwrite(checked)}
      />
      {isReady ? (
        <CliLine
          command={`leeward restore vm --point ${chosen.slice(0, 12)} --to-folder ${quoted(toFolder)}${overwrite ? ' --overwrite' : ''}`}
        />
      ) : null}
      <ActionGroup>
        <ActionButton
          allowed={mayRestore}
          type="submit"
          variant="primary"
          isLoading={busy}
          ready={isReady && !busy}
        >
          Restore
        </ActionButton>
      </ActionGroup>
    </Form>
  );
}

function labelOf({ vmName, createdAt, source, id }: Point): string {
  return `${vmName} · ${localTime(createdAt)} · from ${source} · ${id.slice(0, 8)}`;
}
