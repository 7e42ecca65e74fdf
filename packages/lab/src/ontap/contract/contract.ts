import { added } from './description.added.ts';
import { description } from './description.generated.ts';
import { exists, type Release } from './release.ts';
import type { OperationContract, SchemaNode } from './schema.ts';

export interface FoundField {
  readonly node: SchemaNode;
  readonly path: string;
}

const definitions = new Map<string, SchemaNode>();
const operations = new Map<string, OperationContract>();

for (const line of [...description.split('\n'), ...added]) {
  const definition = /^D (\S+) (.*)$/.exec(line);
  if (definition) definitions.set(definition[1] ?? '', JSON.parse(definition[2] ?? ''));
  const operation = /^O (\S+) (\S+) (.*)$/.exec(line);
  if (!operation) continue;
  const [, method = '', path = '', rest = ''] = operation;
  operations.set(`${method} ${path}`, { method, path, ...JSON.parse(rest) });
}

/** The REST interface as one release has it. */
export class Contract {
  readonly release: Release;
  readonly #resolved = new WeakMap<SchemaNode, SchemaNode>();
  readonly #properties = new WeakMap<SchemaNode, Map<string, SchemaNode | undefined>>();

  constructor(release: Release) {
    this.release = release;
  }

  operation(method: string, path: string): OperationContract | undefined {
    const found = operations.get(`${method} ${path}`);
    return found && exists(this.release, found.since) ? found : undefined;
  }

  paths(): string[] {
    const all = [...operations.values()].filter((one) => exists(this.release, one.since));
    return [...new Set(all.map((one) => one.path))];
  }

  /** A named definition; unknown names are a fault of the caller. */
  definition(name: string): SchemaNode {
    const found = definitions.get(name);
    if (!found) throw new Error(`no definition ${name}`);
    return found;
  }

  /** The schema of one record that a GET answers. */
  recordSchema(operation: OperationContract): SchemaNode {
    const answer = this.definition(operation.answer ?? '');
    return this.resolve(answer.p?.['records']?.a ?? answer);
  }

  /** A reference followed. The age of a shared definition says nothing about the fields that use it. */
  resolve(node: SchemaNode): SchemaNode {
    if (!node.$) return node;
    const known = this.#resolved.get(node);
    if (known) return known;
    const { s: _, ...target } = this.definition(node.$);
    const resolved = { ...target, ...(node.s ? { s: node.s } : {}), ...(node.r ? { r: node.r } : {}) };
    this.#resolved.set(node, resolved);
    return resolved;
  }

  /** The property `name` of an object schema (arrays are looked through), if this release has it. */
  property(node: SchemaNode, name: string): SchemaNode | undefined {
    const holder = this.resolve(node);
    if (holder.a) return this.property(holder.a, name);
    const known = this.#properties.get(holder) ?? new Map<string, SchemaNode | undefined>();
    this.#properties.set(holder, known);
    if (!known.has(name)) known.set(name, this.#find(holder, name));
    return known.get(name);
  }

  #find(holder: SchemaNode, name: string): SchemaNode | undefined {
    const child = Object.hasOwn(holder.p ?? {}, name) ? holder.p?.[name] : undefined;
    if (!child) return undefined;
    const resolved = this.resolve(child);
    return exists(this.release, resolved.s, name) ? resolved : undefined;
  }

  field(node: SchemaNode, path: string): SchemaNode | undefined {
    let at: SchemaNode | undefined = node;
    for (const name of path.split('.')) at = at && this.property(at, name);
    return at;
  }

  /** False where this release never answers the operation with a job. */
  mayBecomeJob(operation: OperationContract): boolean {
    const codes = this.#successCodes(operation);
    return codes === undefined || codes.includes('202');
  }

  #successCodes(operation: OperationContract): readonly string[] | undefined {
    const known = Object.entries(operation.ok ?? {}).filter(([release]) => exists(this.release, release));
    return known.at(-1)?.[1];
  }

  /** The success status of an operation that finished within `return_timeout`. */
  finishedStatus(operation: OperationContract, usual: number): number {
    const codes = this.#successCodes(operation) ?? [String(usual)];
    return codes.includes(String(usual)) ? usual : Number(codes[0]);
  }
}
