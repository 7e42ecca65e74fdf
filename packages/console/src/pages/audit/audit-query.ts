import type { Looked } from './audit-filter.tsx';

/** What is looked for as the API and the command line take it: times with their zone. */
export function auditAsked({ since, until, ...rest }: Looked): Readonly<Record<keyof Looked, string>> {
  return { ...rest, since: utc(since), until: utc(until) };
}

/** The query of the API. */
export function auditQuery(looked: Looked): string {
  const given = { ...auditAsked(looked), limit: '100' };
  return new URLSearchParams(Object.entries(given).filter(([, text]) => text !== '')).toString();
}

function utc(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
