import type { Looked } from './audit-filter.tsx';

/** The query of the API; times with their zone. */
export function auditQuery({ since, until, ...rest }: Looked): string {
  const given = { ...rest, since: utc(since), until: utc(until), limit: '100' };
  return new URLSearchParams(Object.entries(given).filter(([, text]) => text !== '')).toString();
}

function utc(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
