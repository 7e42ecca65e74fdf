import { Label } from '@patternfly/react-core';
import type { AuditEntry } from '../../api/access.ts';
import { usePages } from '../../api/use-pages.ts';
import { useMay } from '../../app/session-context.tsx';
import { commandLine } from '../../format/command-line.ts';
import { changesOf } from '../../format/field-changes.ts';
import { navigate, useLocation } from '../../router/location.ts';
import { CodeLink } from '../../ui/code-link.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { FieldChanges } from '../../ui/field-changes.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { NotForYou } from '../../ui/not-for-you.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { When } from '../../ui/when.tsx';
import { AuditFilter, type Looked, lookedFields } from './audit-filter.tsx';
import { auditAsked, auditQuery } from './audit-query.ts';

/** Who changed what, when, from where, and how it was before and after. */
export default function AuditPage() {
  const maySee = useMay('administer');
  const { query } = useLocation();
  const looked = Object.fromEntries(lookedFields.map((key) => [key, query.get(key) ?? ''])) as Record<
    keyof Looked,
    string
  >;
  const path = `/audit?${auditQuery(looked)}`;
  return (
    <PageFrame
      title="Audit trail"
      cli={commandLine('audit list', auditAsked(looked))}
      {...(maySee ? { json: path } : {})}
    >
      {maySee ? <Trail looked={looked} path={path} /> : <NotForYou needs="administrator" />}
    </PageFrame>
  );
}

function Trail({ looked, path }: { readonly looked: Looked; readonly path: string }) {
  const list = usePages<AuditEntry>(path);
  const go = (to: Looked) => {
    const params = new URLSearchParams(Object.entries(to).filter(([, text]) => text !== ''));
    navigate(params.size > 0 ? `/audit?${params}` : '/audit');
  };
  return (
    <>
      <AuditFilter key={JSON.stringify(looked)} looked={looked} look={go} />
      <Loaded resource={list}>
        {(entries) =>
          entries.length === 0 ? (
            <NothingYet title="Nothing of that was changed">
              Every change that somebody asks for has an entry here, also those that were refused.
            </NothingYet>
          ) : (
            <DataTable
              name="entry"
              label="Audit trail"
              word="entry"
              plural="entries"
              rows={entries}
              columns={columns}
              rowKey={({ id }) => String(id)}
              order="-at"
              more={list.more}
            />
          )
        }
      </Loaded>
    </>
  );
}

const columns: readonly Column<AuditEntry>[] = [
  { key: 'at', title: 'When', value: ({ at }) => at, render: ({ at }) => <When at={at} /> },
  {
    key: 'who',
    title: 'Who',
    value: ({ caller, address }) => `${caller.kind} ${caller.name} ${address}`,
    render: ({ caller: { kind, name }, address }) => (
      <>
        {kind === 'nobody' ? 'nobody signed in' : name}
        {kind === 'token' ? ' (token)' : ''}
        <br />
        <span className="lw-faint-text">from {address}</span>
      </>
    ),
  },
  {
    key: 'what',
    title: 'What',
    value: ({ kind, object, operation }) => `${kind} ${object ?? ''} ${operation}`,
    render: ({ kind, object, operation }) => (
      <>
        {kind} <strong className="lw-anywhere">{object}</strong>
        <br />
        <code className="lw-anywhere">{operation}</code>
      </>
    ),
  },
  {
    key: 'outcome',
    title: 'Outcome',
    value: ({ outcome, code }) => `${outcome} ${code ?? ''}`,
    render: ({ outcome, code }) => (
      <>
        <Label
          isCompact
          status={outcome === 'done' ? 'success' : outcome === 'unknown' ? 'warning' : 'danger'}
        >
          {outcome}
        </Label>{' '}
        {code ? <CodeLink code={code} /> : null}
      </>
    ),
  },
  {
    key: 'change',
    title: 'Before → after',
    value: (entry) => JSON.stringify([entry.fields, changesOf(entry)]),
    render: (entry) => <Changes entry={entry} />,
  },
];

function Changes({ entry }: { readonly entry: AuditEntry }) {
  const changes = changesOf(entry);
  if (changes.length === 0)
    return entry.fields.length === 0 ? null : (
      <span className="lw-faint-text">given: {entry.fields.join(', ')}</span>
    );
  return <FieldChanges changes={changes} />;
}
