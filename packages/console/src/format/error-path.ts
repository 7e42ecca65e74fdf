/** Where the documentation explains a code; undefined for what is none of the catalogue. */
export function errorPath(code: string): string | undefined {
  return /^L-[A-Z]{3}-\d{3}$/.test(code) ? `/docs/errors#${code.toLowerCase()}` : undefined;
}
