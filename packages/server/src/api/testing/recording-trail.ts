import type { AuditTrail } from '../audit-hook.ts';

type Begin = Parameters<AuditTrail['begin']>[0];
type End = Parameters<AuditTrail['end']>[1];

/** Remembers entries, and tells of `known` states. */
export class RecordingTrail implements AuditTrail {
  readonly entries: (Begin & Partial<End>)[] = [];
  /** By `kind name`. */
  readonly known = new Map<string, object>();
  /** What the next `begin` throws, once. */
  failure: Error | undefined;

  async look(kind: string, wanted: string): Promise<object | undefined> {
    return this.known.get(`${kind} ${wanted}`);
  }

  async begin(entry: Begin): Promise<number> {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    return this.entries.push(entry) - 1;
  }

  async end(id: number, end: End): Promise<void> {
    const entry = this.entries[id];
    if (!entry) throw new Error(`no entry ${id}`);
    this.entries[id] = { ...entry, ...end };
  }
}
