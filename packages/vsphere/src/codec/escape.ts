const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** XML 1.0 has no form at all for most control characters, halves of surrogate pairs, U+FFFE and U+FFFF. */
export function canBeXml(text: string): boolean {
  if (!text.isWellFormed()) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return false;
    if (code === 0xfffe || code === 0xffff) return false;
  }
  return true;
}

/** Text for an element or an attribute in double quotes. Throws TypeError on what XML cannot carry. */
export function escapeXml(text: string): string {
  if (!canBeXml(text)) throw new TypeError('the text holds characters that cannot be sent to vCenter');
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
