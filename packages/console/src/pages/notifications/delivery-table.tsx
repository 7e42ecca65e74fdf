import { Label } from '@patternfly/react-core';
import type { Delivery } from '../../api/notifications.ts';
import { pathTo } from '../../router/match.ts';
import { CodeLink } from '../../ui/code-link.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { When } from '../../ui/when.tsx';

const looks = { delivered: 'success', pending: 'info', failed: 'danger' } as const;

export function DeliveryLabel({ state }: { readonly state: Delivery['state'] }) {
  return (
    <Label isCompact status={looks[state]}>
      {state}
    </Label>
  );
}

/** What was sent, and what was given up. */
export function DeliveryTable({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  return (
    <DataTable
      name="delivery"
      label="Messages"
      word="message"
      rows={deliveries}
      columns={columns}
      rowKey={({ id }) => id}
      order="-at"
    />
  );
}

const columns: readonly Column<Delivery>[] = [
  {
    key: 'at',
    title: 'When',
    value: ({ createdAt }) => createdAt,
    render: ({ createdAt }) => <When at={createdAt} />,
  },
  { key: 'channel', title: 'Channel', value: ({ channelName }) => channelName },
  {
    key: 'title',
    title: 'Message',
    value: ({ title }) => title,
    render: ({ title, runId }) =>
      runId === undefined ? title : <a href={pathTo('/runs/:id', { id: runId })}>{title}</a>,
  },
  { key: 'severity', title: 'About a', value: ({ severity }) => severity },
  {
    key: 'state',
    title: 'State',
    value: ({ state }) => state,
    render: ({ state }) => <DeliveryLabel state={state} />,
  },
  { key: 'attempts', title: 'Tries', numeric: true, value: ({ attempts }) => attempts },
  {
    key: 'problem',
    title: 'Problem',
    value: ({ problem }) => problem?.code ?? '',
    render: ({ problem }) => (problem ? <CodeLink code={problem.code} title={problem.what} /> : ''),
  },
];
