/** What to do where a server is of another version than the command; undefined: nothing. */
export function fitNote(server: string, command: string): string | undefined {
  if (server === command) return undefined;
  const head = `the server is version ${server}, this command ${command}`;
  if (isOlder(server, command))
    return `${head}, which is newer: what the server does not know is refused. Update the server, or use \`leeward\` ${server} here`;
  return `${head}, which is older: it does not know all that the server can. Install \`leeward\` ${server} here`;
}

/** By the numbers of the version; what follows them says nothing about age. */
function isOlder(one: string, other: string): boolean {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  const at = a.findIndex((number, index) => number !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

function numbersOf(version: string): number[] {
  const [plain = ''] = version.split(/[-+]/);
  return plain.split('.').map(Number);
}
