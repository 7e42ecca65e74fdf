import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import { useSession } from '../../app/session-context.tsx';
import { pathTo } from '../../router/match.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';

interface Permission {
  readonly path: string;
  readonly access: string;
  readonly side: string;
  readonly why: string;
}

/** What the account on an array of the family has to be allowed, and why. */
export function NeededRights({ family }: { readonly family: string }) {
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const [found, setFound] = useState<{ readonly family: string; readonly rights: readonly Permission[] }>();
  const look = () =>
    run(async () => {
      const path = pathTo('/array-families/:id/permissions', { id: family });
      setFound({ family, rights: await api.get<readonly Permission[]>(path) });
    });
  return (
    <div>
      <Button
        variant="link"
        isInline
        isLoading={busy}
        isDisabled={family === '' || busy}
        onClick={() => void look()}
      >
        Which rights does its account need?
      </Button>
      {error === undefined ? null : <ProblemAlert problem={error} variant="warning" />}
      {found?.family === family ? (
        <ul className="lw-plain">
          {found.rights.map(({ path, access, side, why }) => (
            <li key={`${path} ${access} ${side}`} className="lw-gap-small">
              <code className="lw-anywhere">{path}</code> {access}, on {side}
              <div className="lw-faint-text">{why}</div>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
