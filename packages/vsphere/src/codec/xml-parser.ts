import { SaxesParser, type SaxesTagNS } from 'saxes';
import { MalformedAnswer, type XmlElement } from './xml-element.ts';

const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance';
const maxDepth = 400;

/** One shape for all elements: answers have hundreds of thousands of them. */
class OpenElement implements XmlElement {
  readonly name: string;
  readonly children: XmlElement[] = [];
  type: string | undefined = undefined;
  xsiType: string | undefined = undefined;
  text = '';

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Builds a tree from XML that arrives in pieces. Strict: throws `MalformedAnswer` on anything that is not
 * well-formed, on undeclared prefixes and on absurd nesting. External entities are never followed.
 */
export class XmlTreeParser {
  readonly #open: OpenElement[] = [];
  readonly #parser = new SaxesParser({ xmlns: true, position: false });
  #root: XmlElement | undefined;

  constructor() {
    this.#parser.on('error', (error) => {
      throw new MalformedAnswer(`not well-formed XML: ${error.message}`);
    });
    this.#parser.on('opentag', (tag) => this.#enter(tag));
    this.#parser.on('text', (text) => this.#addText(text));
    this.#parser.on('cdata', (text) => this.#addText(text));
    this.#parser.on('closetag', () => this.#leave());
  }

  write(chunk: string): void {
    this.#parser.write(chunk);
  }

  /** Ends the document and returns its root. */
  finish(): XmlElement {
    this.#parser.close();
    if (!this.#root) throw new MalformedAnswer('the document is empty');
    return this.#root;
  }

  #enter(tag: SaxesTagNS): void {
    if (this.#open.length >= maxDepth) throw new MalformedAnswer(`nested deeper than ${maxDepth}`);
    const element = new OpenElement(tag.local);
    for (const name in tag.attributes) {
      const attribute = tag.attributes[name];
      if (attribute?.local !== 'type') continue;
      const { uri, value } = attribute;
      if (uri === '') element.type = value;
      else if (uri === instanceNamespace) element.xsiType = value.slice(value.indexOf(':') + 1).trim();
    }
    this.#open.push(element);
  }

  #addText(text: string): void {
    const current = this.#open.at(-1);
    if (current) current.text += text;
  }

  #leave(): void {
    const closed = this.#open.pop();
    if (!closed) return;
    const parent = this.#open.at(-1);
    if (parent) parent.children.push(closed);
    else this.#root = closed;
  }
}

export function parseXml(text: string): XmlElement {
  const parser = new XmlTreeParser();
  parser.write(text);
  return parser.finish();
}
