/**
 * Parses JSON; whole numbers too large for a double (64-bit ids) come back as their decimal text with its sign
 * (`+9007199254740993`), which tells them from the hexadecimal digits of other ids. `undefined` for what is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
      const source = context?.source;
      const inexact = typeof value === 'number' && !Number.isSafeInteger(value);
      if (!inexact || source === undefined || !/^-?\d+$/.test(source)) return value;
      return source.startsWith('-') ? source : `+${source}`;
    });
  } catch {
    return undefined;
  }
}
