import { Label } from '@patternfly/react-core';
import { useMemo } from 'react';
import type { ApiToken } from '../../api/access.ts';
import { useResource } from '../../api/use-resource.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { useNow } from '../../time/use-now.ts';
import type { Column } from '../../ui/data-table.tsx';
import { EntriesPage, type OpenForm } from '../../ui/entries-page.tsx';
import { EntryDeeds } from '../../ui/entry-deeds.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { When } from '../../ui/when.tsx';
import { whenColumn } from '../../ui/when-column.tsx';
import { TokenForm } from './token-form.tsx';

/** API tokens: one's own, or all of them for administrators. */
export default function TokensPage() {
  return (
    <EntriesPage title="API tokens" cli="leeward token list" json="/tokens" makes="New token">
      {(form) => <Tokens form={form} />}
    </EntriesPage>
  );
}

function Tokens({ form: { isNew, close } }: { readonly form: OpenForm }) {
  const nowMs = useNow(true, 60_000);
  const columns = useMemo(() => columnsFor(nowMs), [nowMs]);
  return (
    <>
      <p className="lw-gap">
        What can be asked of the API, and a page to try it: <a href="/api/docs/">API explorer</a>.
      </p>
      {isNew ? <TokenForm onDone={close} /> : null}
      <ListTable
        resource={useResource<readonly ApiToken[]>('/tokens')}
        name="token"
        label="API tokens"
        word="token"
        columns={columns}
        rowKey={({ id }) => id}
        order="name"
        nothing={
          <NothingYet title="There is no token yet">
            With a token a program signs in: scripts, monitoring, the command line on another machine. Make
            one with “New token”.
          </NothingYet>
        }
      />
    </>
  );
}

function columnsFor(nowMs: number): readonly Column<ApiToken>[] {
  return [
    { key: 'name', title: 'Token', value: ({ name }) => name },
    { key: 'role', title: 'Role', value: ({ role, readOnly }) => (readOnly ? `${role}, read only` : role) },
    {
      key: 'jobs',
      title: 'Jobs',
      value: ({ scopes }) => scopes?.map(({ jobs }) => jobs.join(', ')).join(' and ') ?? 'all',
    },
    { key: 'owner', title: 'Owner', value: ({ owner }) => owner?.name ?? 'local' },
    {
      key: 'expires',
      title: 'Valid until',
      value: ({ expiresAt }) => expiresAt,
      render: ({ expiresAt }) => (
        <>
          <When at={expiresAt} />{' '}
          {Date.parse(expiresAt) <= nowMs ? (
            <Label isCompact status="warning">
              expired
            </Label>
          ) : null}
        </>
      ),
    },
    whenColumn('used', 'Used last', ({ usedAt }) => usedAt, 'never'),
    whenColumn('created', 'Made', ({ createdAt }) => createdAt),
    { key: 'do', title: 'Do', plain: true, value: () => '', render: (token) => <Revoke token={token} /> },
  ];
}

function Revoke({ token: { id, name } }: { readonly token: ApiToken }) {
  return (
    <EntryDeeds
      name={name}
      path={pathTo('/tokens/:id', { id })}
      remove="Revoke"
      title={`Revoke the token ${name}?`}
      cli={`leeward token delete ${quoted(name)}`}
    >
      Whoever uses it gets no answer any more, at once. Runs that it started go on.
    </EntryDeeds>
  );
}
