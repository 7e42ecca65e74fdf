/** A value that ONTAP takes literally, though it may hold query operators (`*`, `|`, `!`, `<`, `>`, `..`). */
export function literally(value: string): string {
  return /[*|!<>{}"]|\.\./.test(value) ? `"${value.replaceAll('"', '\\"')}"` : value;
}
