export type PathParams = Readonly<Record<string, string>>;

/** Parameters of `path` by a pattern such as `/runs/:id`; missing where it does not fit. */
export function matchPath(pattern: string, path: string): PathParams | undefined {
  const wanted = parts(pattern);
  const given = parts(path);
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const value = decoded(given[at] ?? '');
    if (value === undefined) return undefined;
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

/** A path with its values encoded: `pathTo('/runs/:id', { id })`. */
export function pathTo(pattern: string, params: PathParams): string {
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
