import { useCallback, useEffect, useState } from 'react';
import type { CleanedOrphans, FoundOrphans } from '../../api/orphans.ts';
import { useMay, useSession } from '../../app/session-context.tsx';
import { counted } from '../../format/when.ts';
import { pathTo } from '../../router/match.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';

type Orphan = FoundOrphans['orphans'][number];

/** What is of Leeward on vCenters and arrays and belongs to no run any more. Looked for when the page is gone to. */
export default function OrphansPage() {
  const { api } = useSession();
  const mayClean = useMay('run');
  const [found, setFound] = useState<FoundOrphans>();
  const [cleaned, setCleaned] = useState<CleanedOrphans>();
  const { busy, error, run } = useAction();
  const look = useCallback(
    () => run(async () => setFound(await api.get<FoundOrphans>('/orphans'))),
    [api, run],
  );
  useEffect(() => {
    void look();
  }, [look]);
  const clean = async () => {
    const done = await api.post<CleanedOrphans>('/orphans/clean');
    setCleaned(done);
    setFound(done.left);
  };
  return (
    <PageFrame
      title="Orphans"
      above={{ title: 'Storage', to: '/storage' }}
      cli="leeward orphan list"
      json="/orphans"
      actions={
        <>
          <ActionButton allowed variant="secondary" isLoading={busy} onClick={() => void look()}>
            Look again
          </ActionButton>
          <ConfirmButton
            label="Remove them"
            title="Remove what belongs to no run any more?"
            cli="leeward orphan clean"
            allowed={mayClean}
            work={clean}
          >
            What the server does by itself in time is done now: VMware snapshots, clones, presentations and
            temporary storage snapshots of runs that are over go. Never what another installation made, and
            never what a chain keeps.
          </ConfirmButton>
        </>
      }
    >
      {error === undefined ? null : <ProblemAlert problem={error} onRetry={() => void look()} />}
      {cleaned ? (
        <p role="status" className="lw-gap">
          {counted(cleaned.orphansRemoved.length, 'orphan')} removed,{' '}
          {counted(cleaned.released.length, 'ended run')} with something open tidied.
        </p>
      ) : null}
      {[...(cleaned?.problems ?? []), ...(found?.problems ?? [])].map((problem) => (
        <p key={problem} className="lw-gap">
          Could not be looked at: {problem}
        </p>
      ))}
      {busy && !found ? <p role="status">Reading every vCenter and array …</p> : null}
      {found ? <Found orphans={found.orphans} /> : null}
    </PageFrame>
  );
}

function Found({ orphans }: { readonly orphans: readonly Orphan[] }) {
  if (orphans.length === 0)
    return (
      <NothingYet title="Nothing is left behind">
        Every object that Leeward made on a vCenter or an array belongs to a run that goes on or to a chain.
      </NothingYet>
    );
  return (
    <DataTable
      name="orphan"
      label="Orphans"
      word="orphan"
      rows={orphans}
      columns={columns}
      rowKey={({ systemName, kind, name }) => `${systemName} ${kind} ${name}`}
      order="system"
    />
  );
}

const columns: readonly Column<Orphan>[] = [
  { key: 'system', title: 'On', value: ({ systemName }) => systemName },
  { key: 'kind', title: 'Kind', value: ({ kind }) => kind.replaceAll('-', ' ') },
  {
    key: 'name',
    title: 'Name',
    value: ({ name }) => name,
    render: ({ name }) => <code className="lw-anywhere">{name}</code>,
  },
  {
    key: 'run',
    title: 'Made by the run',
    value: ({ runId }) => runId,
    render: ({ runId }) => <a href={pathTo('/runs/:id', { id: runId })}>{runId}</a>,
  },
];
