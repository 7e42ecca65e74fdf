import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useState } from 'react';
import type { ProxyView, SystemSummary } from '../../api/systems.ts';
import { useResource } from '../../api/use-resource.tsx';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { HealthLabel } from '../../ui/state-label.tsx';
import { useAction } from '../../ui/use-action.ts';
import { When } from '../../ui/when.tsx';
import { ReachTable } from './reach-table.tsx';
import { RestoreFolders } from './restore-folders.tsx';
import { SystemForm } from './system-form.tsx';
import { SystemList } from './system-list.tsx';

/** vCenters, arrays and proxies, and which proxy reaches what. */
export default function InfrastructurePage() {
  const proxies = useResource<readonly ProxyView[]>('/proxies');
  return (
    <PageFrame title="Infrastructure" cli="leeward proxy list" json="/proxies">
      <div className="lw-stack">
        <Systems
          kind="vcenter"
          title="vCenters"
          nothing="Register the vCenter whose VMs are to be protected."
        />
        <Systems
          kind="array"
          title="Arrays"
          nothing="Register the arrays that hold the datastores, and the ones that they are replicated to."
        />
        <Card>
          <CardTitle component="h2">Proxies</CardTitle>
          <CardBody>
            <Loaded resource={proxies}>
              {(known) => (
                <>
                  {known.map((proxy) => (
                    <div key={proxy.id}>
                      <ProxyItem proxy={proxy} />
                      <RestoreFolders proxy={proxy} />
                    </div>
                  ))}
                  <h3 className="lw-h2">Reachability</h3>
                  <ReachTable proxies={known} />
                </>
              )}
            </Loaded>
          </CardBody>
        </Card>
      </div>
    </PageFrame>
  );
}

interface SystemsProps {
  readonly kind: 'vcenter' | 'array';
  readonly title: string;
  readonly nothing: string;
}

function Systems({ kind, title, nothing }: SystemsProps) {
  const systems = useResource<readonly SystemSummary[]>(`/${kind}s`);
  const mayAdd = useMay('administer');
  const [adding, setAdding] = useState(false);
  return (
    <Card>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>
        <Loaded resource={systems}>
          {(known) =>
            known.length === 0 ? (
              <p className="lw-gap">{nothing}</p>
            ) : (
              <SystemList kind={kind} systems={known} />
            )
          }
        </Loaded>
        {adding ? (
          <SystemForm kind={kind} onDone={() => setAdding(false)} />
        ) : (
          <ActionButton allowed={mayAdd} variant="secondary" onClick={() => setAdding(true)}>
            {kind === 'array' ? 'Register an array' : 'Register a vCenter'}
          </ActionButton>
        )}
      </CardBody>
    </Card>
  );
}

function ProxyItem({
  proxy: { id, name, online, addresses, slots, seenAt, initiatorName },
}: {
  readonly proxy: ProxyView;
}) {
  const { api } = useSession();
  const mayProbe = useMay('probe');
  const mayRemove = useMay('administer');
  const { busy, error, run } = useAction();
  return (
    <>
      <div className="lw-head-row lw-gap">
        <HealthLabel good={online} text={online ? 'online' : 'offline'} />
        <strong>{name}</strong>
        <span className="lw-faint-text lw-anywhere">
          {slots} VMs at the same time, addresses {addresses.join(', ')}
          {initiatorName ? `, iSCSI name ${initiatorName}` : ''}
          {seenAt ? (
            <>
              , seen <When at={seenAt} />
            </>
          ) : null}
        </span>
        <ActionButton
          allowed={mayProbe}
          variant="secondary"
          size="sm"
          isLoading={busy}
          aria-label={`Prove what ${name} reaches`}
          onClick={() => run(() => api.post(pathTo('/proxies/:id/probe', { id })))}
        >
          Prove
        </ActionButton>
        {online ? null : (
          <ConfirmButton
            small
            label="Forget"
            ariaLabel={`Forget ${name}`}
            title={`Forget the proxy ${name}?`}
            cli={`leeward proxy remove ${quoted(name)}`}
            allowed={mayRemove}
            work={() => api.delete(pathTo('/proxies/:id', { id }))}
          >
            Nothing is changed on its host. If it is started again, it comes back.
          </ConfirmButton>
        )}
      </div>
      {error === undefined ? null : <ProblemAlert problem={error} />}
    </>
  );
}
