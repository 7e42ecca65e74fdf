import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

const current = () => window.location.pathname + window.location.search;

/** Path and query of the page; every change of it draws anew. */
export function useLocation(): { readonly path: string; readonly query: URLSearchParams } {
  const url = new URL(useSyncExternalStore(subscribe, current), window.location.origin);
  return { path: url.pathname, query: url.searchParams };
}

/** Goes to another page of the console; `replace`: without a step in the history. */
export function navigate(to: string, options: { readonly replace?: boolean } = {}): void {
  if (to === current()) return;
  const [before] = current().split('?');
  if (options.replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  for (const listener of listeners) listener();
  if (before !== to.split('?')[0]) window.scrollTo(0, 0);
}
