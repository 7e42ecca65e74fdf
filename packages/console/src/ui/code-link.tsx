import { errorPath } from '../format/error-path.ts';

/** A code of the error catalogue, with the way to its entry. */
export function CodeLink({ code, title }: { readonly code: string; readonly title?: string }) {
  const to = errorPath(code);
  const text = <code {...(title ? { title } : {})}>{code}</code>;
  return to === undefined ? (
    text
  ) : (
    <a href={to} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
}
