import { PageSection } from '@patternfly/react-core';
import { Component, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import { followEvents } from '../api/live-events.ts';
import { ResourceCache } from '../api/resource-cache.ts';
import type { SystemSummary } from '../api/systems.ts';
import { CacheContext, useResource } from '../api/use-resource.tsx';
import { useLocation } from '../router/location.ts';
import { browserClock } from '../time/browser-clock.ts';
import { NothingYet } from '../ui/nothing-yet.tsx';
import { ProblemAlert } from '../ui/problem-alert.tsx';
import { pageAt } from './pages.tsx';
import { useSession } from './session-context.tsx';
import { Shell } from './shell.tsx';
import { isSimulated } from './simulated.ts';

/** What no event tells of is read anew so often. */
const refreshMs = 30_000;

/** Everything behind the sign-in, kept up to date by the events of the server. */
export function Workplace() {
  const { api } = useSession();
  const cache = useMemo(() => new ResourceCache(api), [api]);
  const [isLive, setLive] = useState(true);
  useEffect(() => {
    const leave = followEvents(cache, setLive);
    let timer = browserClock.after(refreshMs, refresh);
    function refresh() {
      if (!document.hidden) cache.refresh();
      timer = browserClock.after(refreshMs, refresh);
    }
    return () => {
      leave();
      timer.cancel();
    };
  }, [cache]);
  return (
    <CacheContext value={cache}>
      <Framed isLive={isLive} />
    </CacheContext>
  );
}

function Framed({ isLive }: { readonly isLive: boolean }) {
  const { path } = useLocation();
  // Who is limited to jobs is refused them.
  const asks = useSession().session.user.scopes === undefined;
  const vcenters = useResource<readonly SystemSummary[]>(asks ? '/vcenters' : undefined).data ?? [];
  const arrays = useResource<readonly SystemSummary[]>(asks ? '/arrays' : undefined).data ?? [];
  const found = pageAt(path);
  return (
    <Shell isLive={isLive} isSimulated={isSimulated([...vcenters, ...arrays])}>
      <Guard key={path}>
        <Suspense fallback={<PageSection aria-busy="true" />}>
          {found ? (
            <found.Page params={found.params} />
          ) : (
            <PageSection>
              <NothingYet title="There is no such page">
                Nothing of Leeward is at {path}. <a href="/">Go to the overview</a>.
              </NothingYet>
            </PageSection>
          )}
        </Suspense>
      </Guard>
    </Shell>
  );
}

/** A page that errs is told as one that erred; the navigation stays. */
class Guard extends Component<{ readonly children: ReactNode }, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    return (
      <PageSection>
        <ProblemAlert problem={this.state.error} />
      </PageSection>
    );
  }
}
