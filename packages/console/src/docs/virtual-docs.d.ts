/** Made by `docs-plugin.ts` from the files of `docs/`. */
declare module 'virtual:docs' {
  interface Doc {
    /** Path below `docs/`, without the ending. */
    readonly name: string;
    readonly title: string;
    readonly headings: readonly import('./render-doc.ts').DocHeading[];
    readonly load: () => Promise<{ readonly html: string }>;
  }
  export const docs: readonly Doc[];
}
