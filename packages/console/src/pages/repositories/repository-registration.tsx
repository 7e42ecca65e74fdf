import type { Repository, RepositoryRescan } from '../../api/work.ts';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { counted } from '../../format/when.ts';
import { pathTo } from '../../router/match.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';

interface RegistrationProps {
  readonly repository: Repository;
}

/** Makes the points that are known those that are in the repository. */
export function RescanRepository({
  repository: { id, name },
  onFound,
}: RegistrationProps & { readonly onFound: (found: RepositoryRescan) => void }) {
  const { api } = useSession();
  const mayRescan = useMay('probe');
  return (
    <ConfirmButton
      label="Rescan"
      ariaLabel={`Rescan ${name}`}
      title={`Look which points are in ${name}?`}
      cli={`leeward repository rescan ${quoted(name)}`}
      allowed={mayRescan}
      danger={false}
      small
      work={async () => onFound(await api.post<RepositoryRescan>(pathTo('/repositories/:id/rescan', { id })))}
    >
      Points that are there and not known here, of another server for instance, can be restored afterwards.
      Points that are known and were removed from the repository are forgotten. Nothing is changed in it.
    </ConfirmButton>
  );
}

export function Rescanned({ found: { known, added, gone, problems } }: { readonly found: RepositoryRescan }) {
  return (
    <div role="status">
      <p className="lw-gap">
        {counted(added, 'point')} taken up, {gone} forgotten that are gone, {known} known before.
      </p>
      {problems.slice(0, 20).map((problem) => (
        <ProblemAlert key={problem.what} problem={problem} />
      ))}
    </div>
  );
}

/** Forgets the registration; what is in the repository stays. */
export function RemoveRepository({ repository: { id, name, path } }: RegistrationProps) {
  const { api } = useSession();
  const mayRemove = useMay('administer');
  return (
    <ConfirmButton
      label="Remove"
      ariaLabel={`Remove ${name}`}
      title={`Forget the repository ${name}?`}
      cli={`leeward repository remove ${quoted(name)}`}
      allowed={mayRemove}
      small
      work={() => api.delete(pathTo('/repositories/:id', { id }))}
    >
      Everything in {path} stays. Its points are known no more until it is registered again and rescanned.
      This is refused while a job, a run or the backup of the server needs it.
    </ConfirmButton>
  );
}
