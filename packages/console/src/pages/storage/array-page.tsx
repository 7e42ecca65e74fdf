import type { ArrayInventory, Job, Relation, Volume } from '@leeward/core';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import type { SystemSummary } from '../../api/systems.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { ChainLink } from '../../api/work.ts';
import type { PageProps } from '../../app/pages.tsx';
import { useMay, useSession } from '../../app/session-context.tsx';
import { bytes } from '../../format/bytes.ts';
import { duration } from '../../format/duration.ts';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { HealthLabel } from '../../ui/state-label.tsx';
import { useAction } from '../../ui/use-action.ts';
import { ChainTable } from './chain-table.tsx';

/** An array: its volumes, relations and the storage snapshots of Leeward on it. */
export default function ArrayPage({ params: { id = '' } }: PageProps) {
  const path = pathTo('/arrays/:id', { id });
  const inventory = useResource<ArrayInventory | null>(`${path}/inventory`);
  const system = useResource<readonly SystemSummary[]>('/arrays').data?.find((each) => each.id === id);
  const name = system?.name ?? 'Array';
  const { api } = useSession();
  const mayProbe = useMay('probe');
  const { busy, error, run } = useAction();
  return (
    <PageFrame
      title={name}
      above={{ title: 'Storage', to: '/storage' }}
      cli={`leeward array show ${quoted(name)}`}
      json={`${path}/inventory`}
      badge={<span className="lw-faint-text">{textOf(inventory.data)}</span>}
      actions={
        <ActionButton
          allowed={mayProbe}
          variant="secondary"
          isLoading={busy}
          onClick={() => run(() => api.post(`${path}/rescan`))}
        >
          Read anew
        </ActionButton>
      }
    >
      {error === undefined ? null : <ProblemAlert problem={error} />}
      {system?.problem ? <ProblemAlert problem={system.problem} /> : null}
      <Loaded resource={inventory}>
        {(known) =>
          known === null ? (
            <NothingYet title="It was not read yet">
              Use “Read anew”; its volumes and relations are shown then.
            </NothingYet>
          ) : (
            <div className="lw-stack">
              <Card>
                <CardTitle component="h2">Volumes</CardTitle>
                <CardBody>
                  <DataTable
                    name="volume"
                    label="Volumes"
                    word="volume"
                    rows={known.volumes}
                    columns={volumeColumns}
                    rowKey={({ id: { objectId } }) => objectId}
                    order="name"
                  />
                </CardBody>
              </Card>
              <Card>
                <CardTitle component="h2">Relations that it reports</CardTitle>
                <CardBody>
                  <DataTable
                    name="relation"
                    label="Relations"
                    word="relation"
                    rows={known.relations}
                    columns={relationColumns}
                    rowKey={({ id: { objectId } }) => objectId}
                    order="from"
                  />
                </CardBody>
              </Card>
            </div>
          )
        }
      </Loaded>
      <Chains arrayId={id} />
    </PageFrame>
  );
}

function Chains({ arrayId }: { readonly arrayId: string }) {
  const chains = useResource<readonly ChainLink[]>('/chains');
  const jobs = useResource<readonly Job[]>('/jobs').data ?? [];
  const { api } = useSession();
  const mayChange = useMay('make-storage-snapshot');
  return (
    <>
      <h2 className="lw-h2">Storage snapshots of Leeward on it</h2>
      <p className="lw-gap">
        {jobs.map(({ id, name }) => (
          <ConfirmButton
            key={id}
            small
            danger={false}
            label={`Make one for ${name}`}
            title={`Make a storage snapshot of the primary volumes of ${name}?`}
            cli={`leeward chain create ${quoted(name)}`}
            allowed={mayChange}
            work={() => api.post(pathTo('/jobs/:id/chains', { id }))}
          >
            It is crash-consistent, no VMware snapshot is made for it. It stays on the primary until somebody
            deletes it.
          </ConfirmButton>
        ))}
      </p>
      <Loaded resource={chains}>
        {(links) => <ChainTable links={links.filter((link) => link.arrayId === arrayId)} />}
      </Loaded>
    </>
  );
}

function textOf(inventory: ArrayInventory | null | undefined): string {
  if (!inventory) return '';
  const { brand, model, version, serial } = inventory.identity;
  return [brand, model, version, `serial ${serial}`].join(', ');
}

const volumeColumns: readonly Column<Volume>[] = [
  { key: 'name', title: 'Volume', value: ({ name }) => name },
  { key: 'tenant', title: 'Tenant', value: ({ tenant }) => tenant },
  {
    key: 'size',
    title: 'Size',
    numeric: true,
    value: ({ sizeBytes }) => sizeBytes,
    render: ({ sizeBytes }) => bytes(sizeBytes),
  },
  { key: 'access', title: 'Access', value: ({ access }) => access },
  {
    key: 'online',
    title: 'State',
    value: ({ online }) => (online ? 'online' : 'offline'),
    render: ({ online }) => <HealthLabel good={online} text={online ? 'online' : 'offline'} />,
  },
  {
    key: 'by',
    title: 'Read by',
    value: ({ nfsPath, luns }) =>
      [nfsPath ? `NFS ${nfsPath}` : '', luns?.length ? `${luns.length} LUNs` : ''].filter(Boolean).join(', '),
  },
];

const endText = ({ arrayName, volumeName }: Relation['source']) => `${arrayName}/${volumeName}`;

const relationColumns: readonly Column<Relation>[] = [
  { key: 'from', title: 'From', value: ({ source }) => endText(source) },
  { key: 'to', title: 'To', value: ({ destination }) => endText(destination) },
  { key: 'kind', title: 'Kind', value: ({ kind, policyName }) => `${kind}, ${policyName}` },
  {
    key: 'health',
    title: 'Health',
    value: ({ health }) => health.state,
    render: ({ health, unusable }) => (
      <>
        {/* A side that does not tell the state must not look as if all were well. */}
        {health.state === 'other' && health.healthy ? undefined : (
          <HealthLabel good={health.healthy} text={health.state} />
        )}{' '}
        {[...health.reasons, unusable ?? ''].filter(Boolean).join('; ')}
      </>
    ),
  },
  {
    key: 'lag',
    title: 'Lag',
    numeric: true,
    value: ({ health }) => health.lagMs ?? -1,
    render: ({ health }) => (health.lagMs === undefined ? '' : duration(health.lagMs)),
  },
];
