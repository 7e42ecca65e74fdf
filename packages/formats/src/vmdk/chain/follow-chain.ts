import { LeewardError } from '@leeward/core';
import { noParentCid, type VmdkDescriptor } from '../descriptor.ts';
import { isPlainPath } from '../extent-path.ts';
import { type FilePlace, type ParentResolver, placeName, siblingPlace } from './file-reader.ts';
import { readDescriptor } from './read-descriptor.ts';

/** Most deltas over a base disk that VMware supports. */
export const maxDeltas = 32;

export interface ChainLink {
  readonly place: FilePlace;
  readonly descriptor: VmdkDescriptor;
}

/**
 * The descriptors from the disk down to its base, by their hints. Throws the errors of `parseDescriptor`, and
 * `L-FMT-211` no parent, `-212` parent on a datastore out of reach, `-213` foreign parent, `-214` circle, `-215`
 * more than `maxDeltas` deltas.
 */
export async function followChain(
  top: FilePlace,
  resolveParent?: ParentResolver,
  signal?: AbortSignal,
): Promise<readonly ChainLink[]> {
  const descriptor = await readDescriptor(top, signal);
  const file = placeName(top);
  if (!descriptor) throw new LeewardError('L-FMT-101', { file, reason: 'there is no such file' });
  const links: ChainLink[] = [{ place: top, descriptor }];
  for (let child: ChainLink = { place: top, descriptor }; hasParent(child.descriptor); ) {
    if (links.length > maxDeltas) throw new LeewardError('L-FMT-215', { file, limit: maxDeltas });
    const place = await parentPlace(child, resolveParent, signal);
    const parent = placeName(place);
    if (links.some((link) => placeName(link.place) === parent))
      throw new LeewardError('L-FMT-214', { file, parent });
    const found = await readDescriptor(place, signal);
    if (!found) return noParent(child, `there is no "${parent}"`);
    const wantedCid = child.descriptor.parentCid;
    if (found.cid !== wantedCid) {
      const details = { file: placeName(child.place), parent, wantedCid, foundCid: found.cid };
      throw new LeewardError('L-FMT-213', details);
    }
    child = { place, descriptor: found };
    links.push(child);
  }
  return links;
}

/** A delta that does not name its parent counts as having one: its grains alone are not a disk. */
function hasParent({ parentCid, parentFileNameHint, createType }: VmdkDescriptor): boolean {
  return (
    parentCid !== noParentCid ||
    parentFileNameHint !== undefined ||
    /^(vmfssparse|sesparse)$/i.test(createType)
  );
}

async function parentPlace(
  child: ChainLink,
  resolveParent?: ParentResolver,
  signal?: AbortSignal,
): Promise<FilePlace> {
  const { parentFileNameHint: hint, parentCid } = child.descriptor;
  if (!hint) return noParent(child, 'its descriptor does not name it ("parentFileNameHint")');
  if (parentCid === noParentCid) return noParent(child, `its descriptor names "${hint}", but no "parentCID"`);
  if (hint.startsWith('/')) {
    const place = await resolveParent?.(hint, signal);
    if (place) return place;
    throw new LeewardError('L-FMT-212', { file: placeName(child.place), parent: hint });
  }
  if (!isPlainPath(hint)) return noParent(child, `"${hint}" is not a plain path below its own folder`);
  return siblingPlace(child.place, hint);
}

function noParent({ place }: ChainLink, reason: string): never {
  throw new LeewardError('L-FMT-211', { file: placeName(place), reason });
}
