import { useState } from 'react';
import type { ArrayCheck, SystemSummary } from '../../api/systems.ts';
import { useMay, useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { EntryDeeds } from '../../ui/entry-deeds.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { HealthLabel } from '../../ui/state-label.tsx';
import { useAction } from '../../ui/use-action.ts';
import { When } from '../../ui/when.tsx';
import { SystemForm } from './system-form.tsx';

interface SystemListProps {
  readonly kind: 'vcenter' | 'array';
  readonly systems: readonly SystemSummary[];
}

export function SystemList({ kind, systems }: SystemListProps) {
  return systems.map((system) => <System key={system.id} kind={kind} system={system} />);
}

/** What it is compared with at every connection. */
function checkedBy(certificate: SystemSummary['certificate']): string {
  if (certificate.by === 'fingerprint') return `SHA-256 ${certificate.sha256}`;
  return certificate.own ? 'by an authority of its own' : 'by the authorities that the host trusts';
}

function chapText({ chapUsername, chapMutualUsername }: SystemSummary): string {
  if (chapUsername === undefined) return '';
  const mutual = chapMutualUsername === undefined ? '' : `, mutual: ${chapMutualUsername}`;
  return `; CHAP: ${chapUsername}${mutual}`;
}

function System({ kind, system }: { readonly kind: 'vcenter' | 'array'; readonly system: SystemSummary }) {
  const { id, name, host, port, username, certificate, family, inventoryAt, problem } = system;
  const { api } = useSession();
  const mayProbe = useMay('probe');
  const mayChange = useMay('administer');
  const { busy, error, run } = useAction();
  const [editing, setEditing] = useState(false);
  const [checks, setChecks] = useState<readonly ArrayCheck[]>();
  const path = pathTo(`/${kind}s/:id`, { id });
  return (
    <div className="lw-vm">
      <div className="lw-head-row">
        <HealthLabel good={!problem} text={problem ? problem.code : 'read'} />
        {kind === 'array' ? <a href={pathTo('/storage/:id', { id })}>{name}</a> : <strong>{name}</strong>}
        <span className="lw-faint-text lw-anywhere">
          {family ? `${family}, ` : ''}
          {username} at {host}:{port}
          {inventoryAt ? (
            <>
              , read <When at={inventoryAt} />
            </>
          ) : null}
        </span>
        <ActionButton
          allowed={mayProbe}
          variant="link"
          isInline
          isLoading={busy}
          aria-label={`Read anew: ${name}`}
          onClick={() => run(() => api.post(`${path}/rescan`))}
        >
          Read anew
        </ActionButton>
        {kind === 'array' ? (
          <ActionButton
            allowed={mayProbe}
            variant="link"
            isInline
            aria-label={`Test ${name}`}
            onClick={() => run(async () => setChecks(await api.post<readonly ArrayCheck[]>(`${path}/test`)))}
          >
            Test
          </ActionButton>
        ) : null}
        <EntryDeeds
          name={name}
          path={path}
          change={() => setEditing(!editing)}
          title={`Forget ${name}?`}
          cli={`leeward ${kind} remove ${quoted(name)}`}
          allowed={mayChange}
        >
          Leeward forgets its address and credentials. Nothing is deleted on it; what chains keep there stays,
          and nobody looks after it any more.
        </EntryDeeds>
      </div>
      <p className="lw-faint-text lw-anywhere">
        Certificate: {checkedBy(certificate)}
        {chapText(system)}
      </p>
      {problem ? <ProblemAlert problem={problem} /> : null}
      {editing ? <SystemForm kind={kind} system={system} onDone={() => setEditing(false)} /> : null}
      {error === undefined ? null : <ProblemAlert problem={error} />}
      {checks ? (
        <ul className="lw-plain lw-lines" aria-label={`Checks of ${name}`}>
          {checks.map((check) => (
            <li key={check.name}>
              <HealthLabel
                good={check.ok}
                text={check.ok ? 'ok' : check.required ? 'missing' : 'not there'}
              />
              {check.name}
              <span className="lw-faint-text">{check.text}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
