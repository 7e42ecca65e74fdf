import { baseName } from './frozen-folders.ts';

/**
 * A name for each disk inside the point, by device key: the name of its descriptor, with the key added where two
 * disks of a VM have the same.
 */
export function diskNames(
  disks: readonly { readonly key: number; readonly located: { readonly path: string } }[],
): ReadonlyMap<number, string> {
  const plain = new Map(
    disks.map(({ key, located }) => [key, baseName(located.path).replace(/\.vmdk$/i, '')]),
  );
  const counts = new Map<string, number>();
  for (const name of plain.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map([...plain].map(([key, name]) => [key, counts.get(name) === 1 ? name : `${name}-${key}`]));
}
