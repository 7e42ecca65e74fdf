/** As much as a folder of 200,000 long names makes. */
export const maxListingBytes = 64 * 2 ** 20;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The names in the page that a server shows for a folder, sorted: of all links those that lead exactly one step below
 * it, whether they are written from the root (`/folder/vm/a.vmx?dsName=…`) or from the folder (`a.vmx`, `sub/`).
 */
export function listedNames(page: string, folderPath: string): readonly string[] {
  const names = new Set<string>();
  const base = `/folder/${folderPath === '' ? '' : `${folderPath}/`}`;
  for (const [, double, single] of page.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)) {
    const path = pathOf(unescaped(double ?? single ?? ''));
    if (path === undefined) continue;
    const below = path.startsWith('/') ? afterBase(path, base) : path.replace(/^\.\//, '');
    const name = below?.replace(/\/$/, '');
    if (name && !name.includes('/') && name !== '.' && name !== '..') names.add(name);
  }
  return [...names].sort();
}

/** The decoded path of a link on the same server; undefined for other links. */
function pathOf(link: string): string | undefined {
  const [path = ''] = link.replace(/^https?:\/\/[^/]+/i, '').split(/[?#]/);
  try {
    // Decoded name by name, so that an encoded slash does not become one.
    const parts = path.split('/').map(decodeURIComponent);
    return parts.some((part) => part.includes('/') || part.includes('\0')) ? undefined : parts.join('/');
  } catch {
    return undefined;
  }
}

function afterBase(path: string, base: string): string | undefined {
  return path.startsWith(base) ? path.slice(base.length) : undefined;
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,6}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[String(name).toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
