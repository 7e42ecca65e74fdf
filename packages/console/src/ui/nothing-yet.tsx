import { EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import type { ReactNode } from 'react';

interface NothingYetProps {
  readonly title: string;
  /** Why it is empty and what the next step is. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** Instead of an empty list: what to do next. */
export function NothingYet({ title, children, action }: NothingYetProps) {
  return (
    <EmptyState titleText={title} headingLevel="h2" variant="sm">
      <EmptyStateBody>{children}</EmptyStateBody>
      {action ? (
        <EmptyStateFooter>
          <EmptyStateActions>{action}</EmptyStateActions>
        </EmptyStateFooter>
      ) : null}
    </EmptyState>
  );
}
