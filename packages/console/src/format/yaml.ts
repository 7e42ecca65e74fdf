/** A plain value as YAML, keys in the order that they have; strings are quoted where YAML could take them otherwise. */
export function yaml(value: unknown, indent = ''): string {
  if (Array.isArray(value))
    return value.length === 0
      ? '[]'
      : value.map((each) => `\n${indent}- ${inner(each, `${indent}  `)}`).join('');
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, each]) => each !== undefined);
    if (fields.length === 0) return '{}';
    return fields
      .map(([key, each]) => `\n${indent}${key}:${isTable(each) ? '' : ' '}${yaml(each, `${indent}  `)}`)
      .join('');
  }
  return typeof value === 'string' && isPlain(value) ? value : JSON.stringify(value);
}

/** What stands behind a dash: the first field of a table on the same line. */
function inner(value: unknown, indent: string): string {
  return yaml(value, indent).trimStart();
}

function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** Nothing that a reader of YAML could take for a number, a word of its own or a sign. */
function isPlain(text: string): boolean {
  return (
    /^[A-Za-z/][\w ./-]*$/.test(text) &&
    !text.endsWith(' ') &&
    !/^(y|n|yes|no|on|off|true|false|null)$/i.test(text)
  );
}
