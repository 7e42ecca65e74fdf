/**
 * Parses JSON; whole numbers too large for a double (64-bit ids) come back as their decimal text. `undefined` for
 * what is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
      const source = context?.source;
      const inexact = typeof value === 'number' && !Number.isSafeInteger(value);
      return inexact && source !== undefined && /^-?\d+$/.test(source) ? source : value;
    });
  } catch {
    return undefined;
  }
}
