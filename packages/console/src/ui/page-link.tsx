import type { ReactNode } from 'react';
import { leadsTo } from '../app/navigation.ts';
import { useSession } from '../app/session-context.tsx';

interface PageLinkProps {
  readonly to: string;
  readonly children: ReactNode;
}

/** A link to another page; its text alone for who is not offered the page. */
export function PageLink({ to, children }: PageLinkProps) {
  return leadsTo(to, useSession().session.user) ? <a href={to}>{children}</a> : children;
}
