/**
 * A name as people know it: vCenter stores `/`, `\` and `%` inside names as `%2f`, `%5c` and `%25`. Any other
 * percent sign is part of the name.
 */
export function unescapeName(stored: string): string {
  return stored.replace(/%(2f|5c|25)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
