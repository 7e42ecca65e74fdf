import { Button, Label } from '@patternfly/react-core';
import { useMemo } from 'react';
import type { User } from '../../api/access.ts';
import { useResource } from '../../api/use-resource.tsx';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { NotForYou } from '../../ui/not-for-you.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { When } from '../../ui/when.tsx';
import { UserForm } from './user-form.tsx';

const aNewOne = 'new';

/** People who sign in, and what each may do. */
export default function UsersPage() {
  const [shown, show] = useQueryState('edit');
  const mayChange = useMay('administer');
  return (
    <PageFrame
      title="Users"
      cli="leeward user list"
      actions={mayChange ? <Button onClick={() => show(aNewOne)}>New user</Button> : null}
    >
      {mayChange ? <Users shown={shown} show={show} /> : <NotForYou needs="administrator" />}
    </PageFrame>
  );
}

function Users({ shown, show }: { readonly shown: string; readonly show: (id: string) => void }) {
  const users = useResource<readonly User[]>('/users');
  const { session } = useSession();
  const columns = useMemo(() => columnsFor(session.user.name, show), [session.user.name, show]);
  return (
    <Loaded resource={users}>
      {(known) => {
        const edited = known.find(({ id }) => id === shown);
        return (
          <>
            {edited ? <UserForm key={edited.id} user={edited} onDone={() => show('')} /> : null}
            {shown === aNewOne ? <UserForm onDone={() => show('')} /> : null}
            <DataTable
              name="user"
              label="Users"
              word="user"
              rows={known}
              columns={columns}
              rowKey={({ id }) => id}
              order="name"
            />
          </>
        );
      }}
    </Loaded>
  );
}

function columnsFor(own: string, show: (id: string) => void): readonly Column<User>[] {
  return [
    {
      key: 'name',
      title: 'User',
      value: ({ name }) => name,
      render: ({ name }) => (name === own ? `${name} (you)` : name),
    },
    { key: 'role', title: 'Role', value: ({ role }) => role },
    { key: 'jobs', title: 'Jobs', value: ({ scope }) => scope?.jobs.join(', ') ?? 'all' },
    {
      key: 'state',
      title: 'State',
      value: ({ disabled }) => (disabled ? 'disabled' : 'can sign in'),
      render: ({ disabled }) => (
        <Label isCompact {...(disabled ? { status: 'warning' } : {})}>
          {disabled ? 'disabled' : 'can sign in'}
        </Label>
      ),
    },
    {
      key: 'signed',
      title: 'Signed in last',
      value: ({ signedInAt }) => signedInAt ?? '',
      render: ({ signedInAt }) => (signedInAt ? <When at={signedInAt} /> : 'never'),
    },
    {
      key: 'created',
      title: 'Made',
      value: ({ createdAt }) => createdAt,
      render: ({ createdAt }) => <When at={createdAt} />,
    },
    {
      key: 'do',
      title: 'Do',
      value: () => '',
      render: (user) => <UserDeeds user={user} show={show} />,
    },
  ];
}

function UserDeeds({ user, show }: { readonly user: User; readonly show: (id: string) => void }) {
  const { id, name } = user;
  const { api } = useSession();
  return (
    <span className="lw-actions-left">
      <Button variant="link" isInline aria-label={`Change ${name}`} onClick={() => show(id)}>
        Change
      </Button>
      <ConfirmButton
        small
        label="Remove"
        ariaLabel={`Remove ${name}`}
        title={`Remove the user ${name}?`}
        cli={`leeward user delete ${quoted(name)}`}
        allowed
        work={() => api.delete(pathTo('/users/:id', { id }))}
      >
        Sessions and API tokens of {name} end at once. What {name} did stays in the audit trail. “Change” can
        disable the user instead.
      </ConfirmButton>
    </span>
  );
}
