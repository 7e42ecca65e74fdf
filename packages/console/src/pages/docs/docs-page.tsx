import { docs } from 'virtual:docs';
import { SearchInput } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import type { PageProps } from '../../app/pages.tsx';
import { useQueryState } from '../../router/use-query-state.ts';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { PageFrame } from '../../ui/page-frame.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { findInDocs } from './find-in-docs.ts';

/** The documentation, as this version of the server has it. */
export default function DocsPage({ params: { folder, name } }: PageProps) {
  const wanted = [folder, name].filter((part) => part !== undefined).join('/');
  const doc = docs.find((each) => each.name === (wanted || docs[0]?.name));
  const [find, setFind] = useQueryState('find');
  const [typed, setTyped] = useState(find);
  const type = (text: string) => {
    setTyped(text);
    setFind(text);
  };
  return (
    <PageFrame title={doc?.title ?? 'Documentation'} cli="leeward --help">
      <div className="lw-docs">
        <div>
          <SearchInput
            aria-label="Find in the documentation"
            placeholder="Title or code"
            className="lw-gap"
            value={typed}
            onChange={(_event, text) => type(text)}
            onClear={() => type('')}
          />
          {find.trim() === '' ? <Contents current={doc?.name} /> : <Found find={find} />}
        </div>
        {doc ? (
          <DocText key={doc.name} name={doc.name} />
        ) : (
          <NothingYet title="There is no such document">
            <a href="/docs">The documentation begins here</a>.
          </NothingYet>
        )}
      </div>
    </PageFrame>
  );
}

function Contents({ current }: { readonly current: string | undefined }) {
  return (
    <nav aria-label="Documents">
      <ul className="lw-plain">
        {docs.map(({ name, title }) => (
          <li key={name}>
            <a href={`/docs/${name}`} {...(name === current ? { 'aria-current': 'page' } : {})}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const mostFound = 60;

function Found({ find }: { readonly find: string }) {
  const found = findInDocs(docs, find);
  return (
    <nav aria-label="Found in the documentation">
      <p role="status" className="lw-faint-text">
        {found.length === 0 ? 'No title and no error says that.' : `${found.length} found`}
      </p>
      <ul className="lw-plain">
        {found.slice(0, mostFound).map(({ to, title, text, about }) => (
          <li key={to} className="lw-gap-small">
            <a href={to}>{text}</a>
            <div className="lw-faint-text lw-anywhere">{about ?? title}</div>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Text that was rendered when the console was built. */
function DocText({ name }: { readonly name: string }) {
  const box = useRef<HTMLElement>(null);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let isShown = true;
    docs
      .find((each) => each.name === name)
      ?.load()
      .then(
        ({ html }) => {
          if (!isShown || !box.current) return;
          box.current.innerHTML = html;
          box.current.removeAttribute('aria-busy');
          scrollToHash();
        },
        (problem: unknown) => setError(problem),
      );
    return () => {
      isShown = false;
    };
  }, [name]);
  if (error !== undefined) return <ProblemAlert problem={error} />;
  return <article ref={box} className="lw-doc" aria-busy="true" />;
}

function scrollToHash(): void {
  const id = decodeURIComponent(window.location.hash.slice(1));
  if (id !== '') document.getElementById(id)?.scrollIntoView();
}
