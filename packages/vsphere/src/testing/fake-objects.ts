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
    const obj = spec && childOf(childOf(spec, 'objectSet') ?? spec, 'obj');
    if (!spec || !obj) return { fault: 'InvalidRequest' };
    const paths = new Map(
      childrenOf(spec, 'propSet').map((set) => [
        childOf(set, 'type')?.text,
        childrenOf(set, 'pathSet').map(({ text }) => text),
      ]),
    );
    const direct = this.#objects.get(obj.text);
    if (obj.type !== 'ContainerView' && !direct)
      return {
        fault: 'ManagedObjectNotFound',
        inside: `<obj type="${obj.type}">${obj.text}</obj>`,
      };
    const chosen = direct ? [[obj.text, direct] as const] : [...this.#objects];
    const contents = chosen
      .filter(([, { type }]) => paths.has(type))
      .map(([moId, object]) => contentOf(moId, object, paths.get(object.type) ?? []));
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
