/** An XML element with namespaces resolved: prefixes are gone, they mean nothing. */
export interface XmlElement {
  /** Local name. */
  readonly name: string;
  /** The attribute `type` without a namespace: the managed type of a reference. */
  readonly type?: string | undefined;
  /** The local part of `xsi:type`: the actual type of a value. */
  readonly xsiType?: string | undefined;
  readonly children: readonly XmlElement[];
  /** Text directly inside, entities decoded. */
  readonly text: string;
}

export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** Thrown when an answer is not what the protocol promises. Mapped to `L-VC-107` at the door. */
export class MalformedAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedAnswer';
  }
}
