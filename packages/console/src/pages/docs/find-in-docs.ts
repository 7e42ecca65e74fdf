import type { DocHeading } from '../../docs/render-doc.ts';

interface SearchedDoc {
  readonly name: string;
  readonly title: string;
  readonly headings: readonly DocHeading[];
}

interface FoundHeading {
  readonly to: string;
  /** Of the document. */
  readonly title: string;
  readonly text: string;
  readonly about?: string;
}

/** Documents and headings that have every word that is looked for. */
export function findInDocs(docs: readonly SearchedDoc[], find: string): readonly FoundHeading[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const fits = (...texts: readonly (string | undefined)[]) => {
    const whole = texts.join('\n').toLowerCase();
    return words.every((word) => whole.includes(word));
  };
  return docs.flatMap(({ name, title, headings }) => [
    ...(fits(title) ? [{ to: `/docs/${name}`, title, text: title }] : []),
    ...headings
      .filter(({ text, about }) => fits(text, about))
      .map(({ id, text, about }) => ({
        ...{ to: `/docs/${name}#${id}`, title, text },
        ...(about === undefined ? {} : { about }),
      })),
  ]);
}
