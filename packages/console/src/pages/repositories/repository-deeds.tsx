import { ActionGroup, Button, Form } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import type { Repository, RepositoryCheck, RepositoryRepair } from '../../api/work.ts';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { counted } from '../../format/when.ts';
import { pathTo } from '../../router/match.ts';
import { CliLine } from '../../ui/cli-line.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useAction } from '../../ui/use-action.ts';

interface RepositoryProps {
  readonly repository: Repository;
}

/** Changes where a repository lies, or the password that it is opened with. */
export function EditRepository({ repository, onDone }: RepositoryProps & { readonly onDone: () => void }) {
  const { id, name } = repository;
  const [path, setPath] = useState(repository.path);
  const [password, setPassword] = useState('');
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const changes = {
    ...(path === repository.path ? {} : { path }),
    ...(password === '' ? {} : { password }),
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => api.patch(pathTo('/repositories/:id', { id }), changes))) onDone();
  };
  return (
    <Form onSubmit={submit} className="lw-gap" aria-label={`Change ${name}`}>
      {error === undefined ? null : <ProblemAlert problem={error} />}
      <TextField
        id={`path-${id}`}
        label="Folder"
        value={path}
        onChange={setPath}
        help="Where it is now; it has to be the same repository."
      />
      <TextField
        id={`password-${id}`}
        label="New password"
        type="password"
        value={password}
        onChange={setPassword}
        help="Empty: it stays. It has to open the repository already: restic key add makes one."
      />
      <CliLine
        command={[
          `leeward repository edit ${quoted(name)}`,
          ...(path === repository.path ? [] : [`--path ${quoted(path)}`]),
          ...(password === '' ? [] : ['--password-file FILE']),
        ].join(' ')}
      />
      <ActionGroup>
        <Button type="submit" isLoading={busy} isDisabled={busy || Object.keys(changes).length === 0}>
          Save
        </Button>
        <Button variant="link" onClick={onDone}>
          Leave it
        </Button>
      </ActionGroup>
    </Form>
  );
}

/** Takes out what a check found damaged. */
export function Repair({ repository, check }: RepositoryProps & { readonly check: RepositoryCheck }) {
  const { id, name } = repository;
  const { damagedPacks } = check;
  const { api } = useSession();
  const mayRepair = useMay('administer');
  const [done, setDone] = useState<RepositoryRepair>();
  if (done) return <Repaired repair={done} />;
  if (damagedPacks.length === 0) return null;
  return (
    <ConfirmButton
      label="Repair"
      ariaLabel={`Repair ${name}`}
      title={`Take ${counted(damagedPacks.length, 'damaged pack')} out of ${name}?`}
      cli={`leeward repository repair ${quoted(name)} --pack ${damagedPacks.join(' ')}`}
      allowed={mayRepair}
      work={async () =>
        setDone(
          await api.post<RepositoryRepair>(pathTo('/repositories/:id/repair', { id }), {
            packs: damagedPacks,
          }),
        )
      }
    >
      Everything in them that is whole is saved first; the files are set aside, not deleted. What is lost is
      stored again by the next runs, as far as the VMs still have it; older points that need it stay
      incomplete.
    </ConfirmButton>
  );
}

function Repaired({ repair: { packs } }: { readonly repair: RepositoryRepair }) {
  const sum = (key: 'rescuedBlobs' | 'lostBlobs') => packs.reduce((total, pack) => total + pack[key], 0);
  return (
    <p role="status">
      {counted(packs.length, 'pack')} taken out: {counted(sum('rescuedBlobs'), 'blob')} saved,{' '}
      {counted(sum('lostBlobs'), 'blob')} lost until stored again. Check every byte again after the next run.
    </p>
  );
}
