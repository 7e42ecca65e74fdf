import { childOf, childrenOf, type XmlElement } from '../codec/xml-element.ts';
import type { FakeReply } from './fake-vcenter.ts';

interface FakeObject {
  readonly type: string;
  /** XML of each `val` element by property path. */
  readonly values: Record<string, string>;
  /** Fault types by property path. */
  readonly missing: Record<string, string>;
}

/** The property collector of the fake: objects with property values as XML, served in pages. */
export class FakeObjects {
  readonly #objects = new Map<string, FakeObject>();
  readonly #pages = new Map<string, string[]>();
  /** Objects per page, whatever the client asks for. */
  pageSize = 1_000;
  #tokens = 0;

  set(
    type: string,
    moId: string,
    values: Record<string, string>,
    missing: Record<string, string> = {},
  ): void {
    this.#objects.set(moId, { type, values, missing });
  }

  update(moId: string, values: Record<string, string>): void {
    Object.assign(this.#objects.get(moId)?.values ?? {}, values);
  }

  remove(moId: string): void {
    this.#objects.delete(moId);
  }

  retrieve(body: XmlElement): FakeReply {
    const spec = childOf(body, 'specSet');
    if (!spec) return { fault: 'InvalidRequest' };
    const wanted = childrenOf(spec, 'objectSet').flatMap((set) => childOf(set, 'obj') ?? []);
    if (wanted.length === 0) return { fault: 'InvalidRequest' };
    const paths = new Map(
      childrenOf(spec, 'propSet').map((set) => [
        childOf(set, 'type')?.text,
        childrenOf(set, 'pathSet').map(({ text }) => text),
      ]),
    );
    const isView = wanted.some(({ type }) => type === 'ContainerView');
    const gone = isView ? [] : wanted.filter(({ text }) => !this.#objects.has(text));
    const [lost] = gone;
    if (lost && childOf(spec, 'reportMissingObjectsInResults')?.text !== 'true')
      return { fault: 'ManagedObjectNotFound', inside: `<obj type="${lost.type}">${lost.text}</obj>` };
    const named = new Set(wanted.map(({ text }) => text));
    const chosen = [...this.#objects].filter(([moId]) => isView || named.has(moId));
    const contents = [
      ...chosen
        .filter(([, { type }]) => paths.has(type))
        .map(([moId, object]) => contentOf(moId, object, paths.get(object.type) ?? [])),
      ...gone.map(({ text, type = '' }) => goneContent(text, type, paths.get(type) ?? [])),
    ];
    if (contents.length === 0) return '';
    return this.#page(contents);
  }

  more(body: XmlElement): FakeReply {
    const token = childOf(body, 'token')?.text ?? '';
    const rest = this.#pages.get(token);
    this.#pages.delete(token);
    return rest
      ? this.#page(rest)
      : { fault: 'InvalidArgument', inside: '<invalidProperty>token</invalidProperty>' };
  }

  #page(contents: readonly string[]): string {
    const rest = contents.slice(this.pageSize);
    const token = rest.length > 0 ? `token-${++this.#tokens}` : '';
    if (token) this.#pages.set(token, rest);
    const mark = token ? `<token>${token}</token>` : '';
    return `<returnval>${mark}${contents.slice(0, this.pageSize).join('')}</returnval>`;
  }
}

/** An object that is not there (any more), where the caller wants to be told of it so. */
function goneContent(moId: string, type: string, paths: readonly string[]): string {
  return contentOf(moId, { type, values: {}, missing: missingAll(paths) }, paths);
}

function missingAll(paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, 'ManagedObjectNotFound']));
}

function contentOf(moId: string, { type, values, missing }: FakeObject, paths: readonly string[]): string {
  const set = paths
    .filter((path) => (values[path] ?? '') !== '')
    .map((path) => `<propSet><name>${path}</name>${values[path]}</propSet>`);
  const unset = paths
    .filter((path) => missing[path] !== undefined)
    .map(
      (path) =>
        `<missingSet><path>${path}</path><fault><fault xsi:type="${missing[path]}"><privilegeId>System.Read</privilegeId></fault><localizedMessage>no</localizedMessage></fault></missingSet>`,
    );
  return `<objects><obj type="${type}">${moId}</obj>${set.join('')}${unset.join('')}</objects>`;
}
