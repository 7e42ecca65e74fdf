import type { SystemSummary } from '../../api/systems.ts';
import { useResource } from '../../api/use-resource.tsx';
import type { ChainLink } from '../../api/work.ts';
import { pathTo } from '../../router/match.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { HealthLabel } from '../../ui/state-label.tsx';
import { When } from '../../ui/when.tsx';
import { ChainTable } from './chain-table.tsx';
import { ChosenChain } from './chosen-chain.tsx';
import { MountsTable } from './mounts-table.tsx';

/** Arrays, and the storage snapshots that Leeward keeps on them. */
export default function StoragePage() {
  const arrays = useResource<readonly SystemSummary[]>('/arrays');
  const chains = useResource<readonly ChainLink[]>('/chains');
  return (
    <PageFrame title="Storage" cli="leeward chain list" json="/chains">
      <Loaded resource={arrays}>
        {(known) =>
          known.length === 0 ? (
            <NothingYet
              title="No array is registered"
              action={<a href="/infrastructure">Go to the infrastructure</a>}
            >
              Register the arrays that hold the datastores, and the ones that they are replicated to.
            </NothingYet>
          ) : (
            <ul className="lw-plain lw-lines lw-gap">
              {known.map(({ id, name, family, inventoryAt, problem }) => (
                <li key={id}>
                  <HealthLabel good={!problem} text={problem ? problem.code : 'read'} />
                  <a href={pathTo('/storage/:id', { id })}>{name}</a>
                  <span className="lw-faint-text">
                    {family}
                    {inventoryAt ? (
                      <>
                        , read <When at={inventoryAt} />
                      </>
                    ) : null}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <h2 className="lw-h2">Mounts</h2>
      <MountsTable />
      <h2 className="lw-h2">Storage snapshots of Leeward</h2>
      <Loaded resource={chains}>
        {(links) =>
          links.length === 0 ? (
            <NothingYet title="Leeward keeps no storage snapshot" action={<a href="/jobs">Go to the jobs</a>}>
              Every run of a job leaves one on the secondary as a link of its chain. Make one by hand on the
              page of an array.
            </NothingYet>
          ) : (
            <div className="lw-stack">
              <ChosenChain links={links} />
              <ChainTable links={links} />
            </div>
          )
        }
      </Loaded>
    </PageFrame>
  );
}
