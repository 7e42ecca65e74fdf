import { Marked, type Tokens } from 'marked';

/** A place in a document that can be gone to. */
export interface DocHeading {
  readonly id: string;
  readonly text: string;
  readonly depth: number;
  /** Of an error: what it says. */
  readonly about?: string;
}

export interface RenderedDoc {
  readonly title: string;
  readonly headings: readonly DocHeading[];
  /** Nothing of the text becomes an element, except by Markdown; the title is not in it. */
  readonly html: string;
}

/**
 * A document of `docs/` as a part of a page. `name`: its path there without the ending; links between documents lead to
 * pages of the console, codes of errors to their entries, what lies outside of `docs/` is no link.
 */
export function renderDoc(markdown: string, name: string): RenderedDoc {
  const headings: DocHeading[] = [];
  const ids = new Map<string, number>();
  let title = name;
  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      heading({ tokens, depth, text }) {
        if (depth === 1) {
          title = plain(text);
          return '';
        }
        const id = newId(slug(text), ids);
        headings.push({ id, text: plain(text), depth });
        return `<h${depth} id="${escaped(id)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      html: ({ text }) => (text.trim() === '<br>' ? '<br>' : escaped(text)),
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const to = target(href, name);
        if (to === undefined) return inner;
        const out = /^https?:/.test(to) ? ' target="_blank" rel="noreferrer"' : '';
        return `<a href="${escaped(to)}"${out}>${inner}</a>`;
      },
      image: ({ text }) => escaped(text),
      codespan({ text }) {
        const code = `<code>${escaped(text)}</code>`;
        return isErrorCode(text) ? `<a href="/docs/errors#${text.toLowerCase()}">${code}</a>` : code;
      },
      code: ({ text }) => `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`,
      table(token: Tokens.Table) {
        const row = (cells: readonly Tokens.TableCell[], tag: 'th' | 'td') =>
          `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`;
        const body = token.rows.map((cells) => row(cells, 'td')).join('\n');
        return `<div class="lw-scroll" tabindex="0"><table><thead>${row(token.header, 'th')}</thead>\n<tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
  const html = marked.parse(markdown, { async: false });
  return { title, headings: name === 'errors' ? withTexts(headings, markdown) : headings, html };
}

/** Where a link leads; undefined: to nothing that the console serves. */
function target(href: string, from: string): string | undefined {
  if (/^https?:\/\//.test(href) || href.startsWith('#')) return href;
  const base = new URL(`docs://x/docs/${from}`);
  const { protocol, pathname, hash } = new URL(href, base);
  const page = /^\/docs\/((?:[\w-]+\/)?[\w-]+)\.md$/.exec(pathname)?.[1];
  return protocol !== 'docs:' || page === undefined ? undefined : `/docs/${page}${hash}`;
}

/** As the usual viewers of Markdown make them, so that links hold in both. */
function slug(text: string): string {
  return plain(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function newId(wanted: string, ids: Map<string, number>): string {
  const seen = ids.get(wanted) ?? 0;
  ids.set(wanted, seen + 1);
  return seen === 0 ? wanted : `${wanted}-${seen}`;
}

function plain(text: string): string {
  return text.replace(/`/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}

function isErrorCode(text: string): boolean {
  return /^L-[A-Z]{3}-\d{3}$/.test(text);
}

/** The first line below the heading of each error, by which it is found too. */
function withTexts(headings: readonly DocHeading[], markdown: string): readonly DocHeading[] {
  const texts = new Map(
    [...markdown.matchAll(/^### (L-[A-Z]{3}-\d{3})\n+(.+)$/gm)].map(([, code, line]) => [code, line]),
  );
  return headings.map((heading) => {
    const about = texts.get(heading.text);
    return about === undefined ? heading : { ...heading, about };
  });
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');
}
