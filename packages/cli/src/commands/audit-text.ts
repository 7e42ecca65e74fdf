import type { AuditEntry } from '@leeward/server';

/** Who did it, as one word or two. */
export function callerText({ caller: { kind, name } }: AuditEntry): string {
  if (kind === 'local') return 'local';
  if (kind === 'server') return 'the server itself';
  return kind === 'nobody' ? '(nobody)' : `${kind} ${name}`;
}

/** `done`, or why not. */
export function outcomeText({ outcome, code }: AuditEntry): string {
  return code === undefined ? outcome : `${outcome} ${code}`;
}

/** What is other than before, as `name: old → new`; what was given, where nothing can be seen of it. */
export function changeText({ before, after, fields, operation }: AuditEntry): string {
  if (operation.startsWith('DELETE ')) return '';
  const told = before === undefined || after === undefined ? [] : differences(before, after);
  return told.length > 0 ? told.join('; ') : fields.join(', ');
}

/** Fields inside of others by their whole path. */
function differences(before: object, after: object, path = ''): string[] {
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (isTable(was) && isTable(is)) return differences(was, is, `${path}${name}.`);
    const texts = [textOf(was), textOf(is)];
    return texts[0] === texts[1] ? [] : [`${path}${name}: ${texts.join(' → ')}`];
  });
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
