export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Appends a query to a path; values are percent-encoded, commas (field lists) stay readable. */
export function pathWithQuery(path: string, query: Query = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value)).replaceAll('%2C', ',')}`);
  if (parts.length === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${parts.join('&')}`;
}
