/** A VM's name as a folder name: `/`, control characters and a leading dot become `_`. */
export function fileNameOf(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not stay
  return name.replace(/[/\u0000-\u001f]|^\./g, '_');
}
