import { SaxesParser } from 'saxes';

export interface XmlElement {
  /** Local name. */
  readonly name: string;
  readonly namespace: string;
  /** `namespace|local` → value; attributes without prefix have an empty namespace. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
  readonly line: number;
  readonly column: number;
}

const maxDepth = 64;

/** Parses a whole document. Throws `Error` for anything that is not well-formed, has a DTD, or is too deep. */
export function parseXml(document: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const stack: XmlElement[] = [];
  let root: XmlElement | undefined;
  let start = { line: 1, column: 0 };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('document type declarations are not accepted');
  });
  parser.on('opentagstart', (tag) => {
    start = { line: parser.line, column: Math.max(0, parser.columnIndex - tag.name.length - 2) };
  });
  parser.on('opentag', (tag) => {
    const attributes = Object.values(tag.attributes).map(
      (attribute) => [`${attribute.uri}|${attribute.local}`, attribute.value] as const,
    );
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes: new Map(attributes),
      children: [],
      text: '',
      ...start,
    };
    if (stack.length >= maxDepth) throw new Error('nested too deeply');
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
  });
  const onText = (text: string) => {
    const open = stack.at(-1);
    if (open) open.text += text;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    stack.pop();
  });
  parser.write(document).close();
  if (!root) throw new Error('empty document');
  return root;
}

export function escapeText(text: string): string {
  // Characters that XML 1.0 cannot hold are dropped: a server must not answer with a broken document.
  return text.replace(
    /[&<>"]|[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu,
    (character) => {
      const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
      return entities[character] ?? '';
    },
  );
}
