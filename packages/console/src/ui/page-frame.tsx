import { PageSection, Title } from '@patternfly/react-core';
import { type ReactNode, useEffect, useRef } from 'react';
import { CliLine } from './cli-line.tsx';

interface PageFrameProps {
  readonly title: string;
  /** Beside the title: its state. */
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
  /** Links to the pages above, before the title. */
  readonly above?: { readonly title: string; readonly to: string };
  readonly cli: string;
  /** Path of the API that answers with the same. */
  readonly json?: string;
  readonly children: ReactNode;
}

/** A page: its title (which gets the focus when the page was gone to), what can be done, and the command that shows the same. */
export function PageFrame({ title, badge, actions, above, cli, json, children }: PageFrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Leeward`;
  }, [title]);
  useEffect(() => {
    // Not on the first page: there the reader begins at the top.
    if (document.activeElement !== document.body && !isTyping()) heading.current?.focus();
  }, []);
  return (
    <>
      <PageSection className="lw-page-head">
        {above ? (
          <nav aria-label="Breadcrumb" className="lw-above">
            <a href={above.to}>{above.title}</a> /
          </nav>
        ) : null}
        <div className="lw-head-row">
          <Title headingLevel="h1" ref={heading} tabIndex={-1} className="lw-heading">
            {title}
          </Title>
          {badge}
          <div className="lw-actions">{actions}</div>
        </div>
        <div className="lw-same">
          <CliLine command={cli} />
          {json === undefined ? null : (
            <a href={`/api/v1${json}`} className="lw-json" target="_blank" rel="noreferrer">
              JSON
            </a>
          )}
        </div>
      </PageSection>
      <PageSection isFilled>{children}</PageSection>
    </>
  );
}

function isTyping(): boolean {
  return document.activeElement instanceof HTMLInputElement;
}
