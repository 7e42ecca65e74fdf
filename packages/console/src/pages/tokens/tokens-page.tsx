import { Button, Label } from '@patternfly/react-core';
import { useMemo, useState } from 'react';
import type { ApiToken } from '../../api/access.ts';
import { useResource } from '../../api/use-resource.tsx';
import { useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { useNow } from '../../time/use-now.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { When } from '../../ui/when.tsx';
import { TokenForm } from './token-form.tsx';

/** API tokens: one's own, or all of them for administrators. */
export default function TokensPage() {
  const tokens = useResource<readonly ApiToken[]>('/tokens');
  const [making, setMaking] = useState(false);
  const nowMs = useNow(true, 60_000);
  const columns = useMemo(() => columnsFor(nowMs), [nowMs]);
  return (
    <PageFrame
      title="API tokens"
      cli="leeward token list"
      actions={<Button onClick={() => setMaking(true)}>New token</Button>}
    >
      <p className="lw-gap">
        What can be asked of the API, and a page to try it: <a href="/api/docs/">API explorer</a>.
      </p>
      {making ? <TokenForm onDone={() => setMaking(false)} /> : null}
      <Loaded resource={tokens}>
        {(known) =>
          known.length === 0 ? (
            <NothingYet title="There is no token yet">
              With a token a program signs in: scripts, monitoring, the command line on another machine. Make
              one with “New token”.
            </NothingYet>
          ) : (
            <DataTable
              name="token"
              label="API tokens"
              word="token"
              rows={known}
              columns={columns}
              rowKey={({ id }) => id}
              order="name"
            />
          )
        }
      </Loaded>
    </PageFrame>
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
    {
      key: 'used',
      title: 'Used last',
      value: ({ usedAt }) => usedAt ?? '',
      render: ({ usedAt }) => (usedAt ? <When at={usedAt} /> : 'never'),
    },
    {
      key: 'created',
      title: 'Made',
      value: ({ createdAt }) => createdAt,
      render: ({ createdAt }) => <When at={createdAt} />,
    },
    { key: 'do', title: 'Do', value: () => '', render: (token) => <Revoke token={token} /> },
  ];
}

function Revoke({ token: { id, name } }: { readonly token: ApiToken }) {
  const { api } = useSession();
  return (
    <ConfirmButton
      small
      label="Revoke"
      ariaLabel={`Revoke ${name}`}
      title={`Revoke the token ${name}?`}
      cli={`leeward token delete ${quoted(name)}`}
      allowed
      work={() => api.delete(pathTo('/tokens/:id', { id }))}
    >
      Whoever uses it gets no answer any more, at once. Runs that it started go on.
    </ConfirmButton>
  );
}
