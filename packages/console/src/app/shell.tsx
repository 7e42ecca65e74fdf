import {
  Banner,
  Button,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadMain,
  MastheadToggle,
  Nav,
  NavGroup,
  NavItem,
  NavList,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
} from '@patternfly/react-core';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from '../router/location.ts';
import { isFor, isWithin, navigation } from './navigation.ts';
import { useSession } from './session-context.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

interface ShellProps {
  readonly isLive: boolean;
  readonly isSimulated: boolean;
  readonly children: ReactNode;
}

const mainId = 'main';
/** Below this width the navigation lies over the page and closes when something was chosen. */
const narrow = '(max-width: 1199px)';

/** What is around every page: name, navigation, who is signed in. */
export function Shell({ isLive, isSimulated, children }: ShellProps) {
  const { path } = useLocation();
  const [isOpen, setOpen] = useState(() => !window.matchMedia(narrow).matches);
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes when the page changes
  useEffect(() => {
    if (window.matchMedia(narrow).matches) setOpen(false);
  }, [path]);
  const sidebar = (
    <PageSidebar isSidebarOpen={isOpen} id="sidebar">
      <PageSidebarBody>
        <Navigation path={path} />
      </PageSidebarBody>
    </PageSidebar>
  );
  return (
    <Page
      masthead={<Head isOpen={isOpen} onToggle={() => setOpen(!isOpen)} isLive={isLive} />}
      sidebar={sidebar}
      mainContainerId={mainId}
      skipToContent={<SkipToContent href={`#${mainId}`}>Skip to content</SkipToContent>}
      banner={
        isSimulated ? (
          <Banner color="purple" className="lw-banner">
            Simulated datacentre: every registered system answers on a loopback address, as those of the lab
            do.
          </Banner>
        ) : undefined
      }
    >
      {children}
    </Page>
  );
}

interface HeadProps {
  readonly isOpen: boolean;
  readonly isLive: boolean;
  readonly onToggle: () => void;
}

function Head({ isOpen, isLive, onToggle }: HeadProps) {
  const { session, signOut } = useSession();
  return (
    <Masthead>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton
            isHamburgerButton
            aria-label="Navigation"
            isSidebarOpen={isOpen}
            onSidebarToggle={onToggle}
            id="navigation-toggle"
          />
        </MastheadToggle>
        <MastheadBrand>
          <a href="/" className="lw-brand">
            <img src="/leeward.svg" alt="" width="28" height="28" /> Leeward
          </a>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <div className="lw-head-tools">
          {isLive ? null : <span role="status">not live, trying again</span>}
          <ThemeSwitch />
          <a href="/account" className="lw-user" title={`${session.user.role}: your account`}>
            {session.user.name} <small>{session.user.role}</small>
          </a>
          <Button variant="link" isInline onClick={signOut}>
            Sign out
          </Button>
        </div>
      </MastheadContent>
    </Masthead>
  );
}

function Navigation({ path }: { readonly path: string }) {
  const { user } = useSession().session;
  return (
    <Nav aria-label="Pages">
      {navigation.map(({ title, items }) => {
        const shown = items.filter((item) => isFor(item, user));
        const list = shown.map((item) => (
          <NavItem key={item.to} to={item.to} isActive={isWithin(item, path)}>
            {item.title}
          </NavItem>
        ));
        return title ? (
          <NavGroup key={title} title={title}>
            {list}
          </NavGroup>
        ) : (
          <NavList key="top">{list}</NavList>
        );
      })}
    </Nav>
  );
}
