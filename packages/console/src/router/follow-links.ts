import { navigate } from './location.ts';

/** Lets plain links within the console change the page without loading it anew. */
export function followLinks(root: HTMLElement): void {
  root.addEventListener('click', (event) => {
    const isPlain =
      event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!isPlain || event.defaultPrevented || !(event.target instanceof Element)) return;
    const link = event.target.closest('a');
    const isOurs = link?.origin === window.location.origin && !link.pathname.startsWith('/api/');
    if (!link || !isOurs || link.target !== '' || link.hasAttribute('download')) return;
    // The skip link and the like.
    if (link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    if (link.pathname + link.search === window.location.pathname + window.location.search && link.hash !== '')
      window.location.hash = link.hash;
    else navigate(link.pathname + link.search + link.hash);
  });
}
