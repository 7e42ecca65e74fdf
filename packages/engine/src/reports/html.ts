/** A piece of HTML in which everything foreign is escaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | readonly Part[];

/** A template of HTML: what is put in is escaped, unless it is HTML itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((text, place) => text + (place < parts.length ? asText(parts[place]) : '')).join(''),
  );
}

function asText(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  return Array.isArray(part) ? part.map(asText).join('') : escaped(String(part));
}

const signs: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

/** For text and attribute values alike; control characters go, since names come from foreign systems. */
export function escaped(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '?').replace(/[&<>"']/g, (sign) => signs[sign] ?? '');
}
