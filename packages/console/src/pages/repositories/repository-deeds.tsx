import { useState } from 'react';
import type { Repository, RepositoryCheck, RepositoryRepair } from '../../api/work.ts';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { counted } from '../../format/when.ts';
import { pathTo } from '../../router/match.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { EntryForm } from '../../ui/entry-form.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';

interface RepositoryProps {
  readonly repository: Repository;
}

/** Changes where a repository lies, or the password that it is opened with. */
export function EditRepository({ repository, onDone }: RepositoryProps & { readonly onDone: () => void }) {
  const { id, name } = repository;
  const [path, setPath] = useState(repository.path);
  const [password, setPassword] = useState('');
  const saving = useSaving<Repository>({
    path: pathTo('/repositories/:id', { id }),
    first: repository,
    refill: (now) => setPath(now.path),
  });
  const isMoved = path !== saving.seen?.path;
  return (
    <EntryForm
      label={`Change ${name}`}
      className="lw-gap"
      action={saving}
      save="Save"
      ready={isMoved || password !== ''}
      cli={[
        `leeward repository edit ${quoted(name)}`,
        ...(isMoved ? [`--path ${quoted(path)}`] : []),
        ...(password === '' ? [] : ['--password-file FILE']),
      ].join(' ')}
      submit={(over) => saving.save({ path, ...(password === '' ? {} : { password }) }, over)}
      onDone={onDone}
    >
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
    </EntryForm>
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
