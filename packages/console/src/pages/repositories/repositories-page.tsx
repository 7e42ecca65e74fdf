import { Button, Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useState } from 'react';
import { useResource } from '../../api/use-resource.tsx';
import type { Repository, RepositoryCheck, RepositoryRescan, RepositoryUsage } from '../../api/work.ts';
import { useMay, useSession } from '../../app/session-context.tsx';
import { bytes } from '../../format/bytes.ts';
import { counted } from '../../format/when.ts';
import { pathTo } from '../../router/match.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { EntriesPage, type OpenForm } from '../../ui/entries-page.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { HealthLabel } from '../../ui/state-label.tsx';
import { useAction } from '../../ui/use-action.ts';
import { AddRepository } from './add-repository.tsx';
import { EditRepository, Repair } from './repository-deeds.tsx';
import { RemoveRepository, Rescanned, RescanRepository } from './repository-registration.tsx';

/** Where points lie. */
export default function RepositoriesPage() {
  return (
    <EntriesPage
      title="Repositories"
      cli="leeward repository list"
      json="/repositories"
      makes="New repository"
      makingNeeds="administer"
    >
      {(form) => <Repositories form={form} />}
    </EntriesPage>
  );
}

function Repositories({ form: { isNew, close } }: { readonly form: OpenForm }) {
  const repositories = useResource<readonly Repository[]>('/repositories');
  const usage = useResource<readonly RepositoryUsage[]>('/repositories/usage').data;
  return (
    <>
      {isNew ? <AddRepository onDone={close} /> : null}
      <Loaded resource={repositories}>
        {(known) =>
          known.length === 0 ? (
            <NothingYet title="There is no repository yet">
              A repository is a folder in the format of restic. Make a new one, or register one that exists;
              jobs then write their points into it.
            </NothingYet>
          ) : (
            <div className="lw-tiles">
              {known.map((repository) => (
                <RepositoryCard
                  key={repository.id}
                  repository={repository}
                  usage={usage?.find(({ repositoryId }) => repositoryId === repository.id)}
                />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

interface RepositoryCardProps {
  readonly repository: Repository;
  readonly usage: RepositoryUsage | undefined;
}

function RepositoryCard({ repository, usage }: RepositoryCardProps) {
  const { id, name, path, resticId } = repository;
  const mayChange = useMay('administer');
  const [editing, setEditing] = useState(false);
  const { api } = useSession();
  const mayCheck = useMay('probe');
  const [check, setCheck] = useState<RepositoryCheck>();
  const [found, setFound] = useState<RepositoryRescan>();
  const { busy, error, run } = useAction();
  const start = (readData: boolean) =>
    run(async () =>
      setCheck(await api.post<RepositoryCheck>(pathTo('/repositories/:id/check', { id }), { readData })),
    );
  return (
    <Card>
      <CardTitle component="h2">{name}</CardTitle>
      <CardBody>
        <p className="lw-anywhere">
          <code>{path}</code>
        </p>
        <p className="lw-anywhere lw-faint-text">restic repository {resticId.slice(0, 12)}</p>
        <p className="lw-gap">
          {usage ? `${counted(usage.points, 'point')}, which stored ${bytes(usage.storedBytes)}` : ''}
        </p>
        <div className="lw-actions-left">
          <ActionButton
            allowed={mayCheck}
            variant="secondary"
            size="sm"
            isLoading={busy}
            onClick={() => start(false)}
          >
            Check structure
          </ActionButton>
          <ActionButton allowed={mayCheck} variant="link" size="sm" onClick={() => start(true)}>
            Check every byte
          </ActionButton>
          <ActionButton
            allowed={mayChange}
            variant="link"
            size="sm"
            aria-label={`Change ${name}`}
            onClick={() => setEditing(!editing)}
          >
            Change
          </ActionButton>
          <RescanRepository repository={repository} onFound={setFound} />
          <RemoveRepository repository={repository} />
        </div>
        {found ? <Rescanned found={found} /> : null}
        {error === undefined ? null : <ProblemAlert problem={error} />}
        {editing ? <EditRepository repository={repository} onDone={() => setEditing(false)} /> : null}
        {check ? (
          <>
            <CheckResult check={check} onClose={() => setCheck(undefined)} />
            <Repair repository={repository} check={check} />
          </>
        ) : null}
      </CardBody>
    </Card>
  );
}

function CheckResult({ check, onClose }: { readonly check: RepositoryCheck; readonly onClose: () => void }) {
  const { ok, problems, packs, blobs, bytesRead } = check;
  return (
    <div role="status">
      <p className="lw-gap">
        <HealthLabel good={ok} text={ok ? 'whole' : 'damaged'} /> {packs} packs, {blobs} blobs,{' '}
        {bytes(bytesRead)} read{' '}
        <Button variant="link" isInline onClick={onClose}>
          Hide
        </Button>
      </p>
      {problems.slice(0, 20).map((problem) => (
        <ProblemAlert key={problem.what} problem={problem} />
      ))}
    </div>
  );
}
