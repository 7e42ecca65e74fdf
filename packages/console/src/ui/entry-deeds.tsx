import type { ReactNode } from 'react';
import { useSession } from '../app/session-context.tsx';
import { ActionButton } from './action-button.tsx';
import { ConfirmButton } from './confirm-button.tsx';

interface EntryDeedsProps {
  readonly name: string;
  /** Of the API; what is there is deleted. */
  readonly path: string;
  /** Opens the form; missing: it cannot be changed. */
  readonly change?: () => void;
  readonly remove?: string;
  /** What is asked before. */
  readonly title: string;
  /** The command that removes it. */
  readonly cli: string;
  readonly allowed?: boolean;
  /** What goes with it. */
  readonly children: ReactNode;
}

/** Change and remove one of a list. */
export function EntryDeeds(props: EntryDeedsProps) {
  const { name, path, change, remove = 'Remove', title, cli, allowed = true, children } = props;
  const { api } = useSession();
  return (
    <span className="lw-actions-left">
      {change ? (
        <ActionButton
          allowed={allowed}
          variant="link"
          isInline
          aria-label={`Change ${name}`}
          onClick={change}
        >
          Change
        </ActionButton>
      ) : null}
      <ConfirmButton
        small
        label={remove}
        ariaLabel={`${remove} ${name}`}
        title={title}
        cli={cli}
        allowed={allowed}
        work={() => api.delete(path)}
      >
        {children}
      </ConfirmButton>
    </span>
  );
}
