import { NothingYet } from './nothing-yet.tsx';

/** Instead of a page that only others may see. */
export function NotForYou({ needs }: { readonly needs: string }) {
  return (
    <NothingYet title="Your role does not show this">
      This page is for the role {needs}. One who has it can give it to you, or look for you.
    </NothingYet>
  );
}
