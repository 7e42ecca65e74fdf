import type { ReactNode } from 'react';
import type { Deed } from '../app/may.ts';
import { useMay } from '../app/session-context.tsx';
import { useQueryState } from '../router/use-query-state.ts';
import { ActionButton } from './action-button.tsx';
import { NotForYou } from './not-for-you.tsx';
import { PageFrame } from './page-frame.tsx';

/** Which form is open; it stands in the address. */
export interface OpenForm {
  readonly isNew: boolean;
  /** Of what is changed. */
  readonly id: string;
  readonly open: (id: string) => void;
  readonly close: () => void;
}

interface EntriesPageProps {
  readonly title: string;
  readonly cli: string;
  readonly json: string;
  /** Of the button that opens the form for a new one. */
  readonly makes: string;
  /** Who may see the page; missing: everybody. */
  readonly needs?: Deed;
  /** Who may make a new one; missing: who sees the page. */
  readonly makingNeeds?: Deed;
  readonly children: (form: OpenForm) => ReactNode;
}

const aNewOne = 'new';

/** A page of things that are listed, made, changed and removed. */
export function EntriesPage({ needs, makingNeeds, makes, children, json, ...frame }: EntriesPageProps) {
  const [id, open] = useQueryState('edit');
  const maySee = useMayOrAll(needs);
  const mayMake = useMayOrAll(makingNeeds);
  const form = { id, isNew: id === aNewOne, open, close: () => open('') };
  return (
    <PageFrame
      {...frame}
      {...(maySee ? { json } : {})}
      actions={
        maySee ? (
          <ActionButton allowed={mayMake} variant="primary" onClick={() => open(aNewOne)}>
            {makes}
          </ActionButton>
        ) : null
      }
    >
      {maySee ? children(form) : <NotForYou needs="administrator" />}
    </PageFrame>
  );
}

function useMayOrAll(deed: Deed | undefined): boolean {
  const may = useMay(deed ?? 'run');
  return deed === undefined || may;
}
