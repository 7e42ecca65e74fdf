/** Splits `[datastore] folder/file` into its parts; `undefined` for anything else. */
export function parseDatastorePath(
  text: string,
): { readonly datastore: string; readonly path: string } | undefined {
  const match = /^\[([^\]]+)\] ?(.*)$/s.exec(text);
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { datastore: match[1], path: match[2] };
}
