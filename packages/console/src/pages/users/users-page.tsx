import { Label } from '@patternfly/react-core';
import { useMemo } from 'react';
import type { User } from '../../api/access.ts';
import { useResource } from '../../api/use-resource.tsx';
import { useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import type { Column } from '../../ui/data-table.tsx';
import { EntriesPage, type OpenForm } from '../../ui/entries-page.tsx';
import { EntryDeeds } from '../../ui/entry-deeds.tsx';
import { ListTable } from '../../ui/list-table.tsx';
import { whenColumn } from '../../ui/when-column.tsx';
import { UserForm } from './user-form.tsx';

/** People who sign in, and what each may do. */
export default function UsersPage() {
  return (
    <EntriesPage title="Users" cli="leeward user list" json="/users" makes="New user" needs="administer">
      {(form) => <Users form={form} />}
    </EntriesPage>
  );
}

function Users({ form: { isNew, id, open, close } }: { readonly form: OpenForm }) {
  const users = useResource<readonly User[]>('/users');
  const { name } = useSession().session.user;
  const columns = useMemo(() => columnsFor(name, open), [name, open]);
  const edited = users.data?.find((each) => each.id === id);
  return (
    <>
      {edited ? <UserForm key={edited.id} user={edited} onDone={close} /> : null}
      {isNew ? <UserForm onDone={close} /> : null}
      <ListTable
        resource={users}
        name="user"
        label="Users"
        word="user"
        columns={columns}
        rowKey={(user) => user.id}
        order="name"
      />
    </>
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
    whenColumn('signed', 'Signed in last', ({ signedInAt }) => signedInAt, 'never'),
    whenColumn('created', 'Made', ({ createdAt }) => createdAt),
    {
      key: 'do',
      title: 'Do',
      plain: true,
      value: () => '',
      render: (user) => <UserDeeds user={user} show={show} />,
    },
  ];
}

function UserDeeds({ user, show }: { readonly user: User; readonly show: (id: string) => void }) {
  const { id, name } = user;
  return (
    <EntryDeeds
      name={name}
      path={pathTo('/users/:id', { id })}
      change={() => show(id)}
      title={`Remove the user ${name}?`}
      cli={`leeward user delete ${quoted(name)}`}
    >
      Sessions and API tokens of {name} end at once. What {name} did stays in the audit trail. “Change” can
      disable the user instead.
    </EntryDeeds>
  );
}
