import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ProxyView, SystemSummary } from '../../api/systems.ts';
import { useResource } from '../../api/use-resource.tsx';
import { duration } from '../../format/duration.ts';
import { useNow } from '../../time/use-now.ts';
import { HealthLabel } from '../../ui/state-label.tsx';
import { reachMatrix } from './reach.ts';

/** Which proxy reaches which data port, by which protocol, and how old the proof is. */
export function ReachTable({ proxies }: { readonly proxies: readonly ProxyView[] }) {
  const nowMs = useNow(true, 10_000);
  const arrays = useResource<readonly SystemSummary[]>('/arrays');
  const rows = reachMatrix(proxies, arrays.data);
  if (rows.length === 0) return <p>Nothing was proved yet: use “Prove” of a proxy that is online.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table that is scrolled by keyboard
    <section className="lw-scroll" tabIndex={0} aria-label="Reachability, table">
      <Table aria-label="Reachability" variant="compact">
        <Thead>
          <Tr>
            <Th>Data port</Th>
            <Th>Array</Th>
            {proxies.map(({ id, name }) => (
              <Th key={id}>{name}</Th>
            ))}
          </Tr>
        </Thead>
        <Tbody>
          {rows.map(({ key, address, protocol, arrayName, arraySerial, proofs }) => (
            <Tr key={key}>
              <Td dataLabel="Data port">
                {address} {protocol}
              </Td>
              <Td dataLabel="Array" className="lw-anywhere">
                <span title={`serial ${arraySerial}`}>{arrayName}</span>
              </Td>
              {proofs.map((proof, at) => (
                <Td key={proxies[at]?.id} dataLabel={proxies[at]?.name ?? ''}>
                  {proof ? (
                    <span title={proof.text}>
                      <HealthLabel
                        good={proof.reached}
                        text={proof.reached ? (proof.proved ?? 'reached') : 'not'}
                      />{' '}
                      <span className="lw-faint-text">
                        {duration(nowMs - Date.parse(proof.checkedAt))} ago
                      </span>
                    </span>
                  ) : (
                    'not proved'
                  )}
                </Td>
              ))}
            </Tr>
          ))}
        </Tbody>
      </Table>
    </section>
  );
}
