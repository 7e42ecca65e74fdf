import { type ExtentAccess, type ExtentLine, sectorBytes } from './descriptor.ts';

const begin = /^(rw|rdonly|noaccess)(?=\s|$)/i;
const quoted = /^(rw|rdonly|noaccess)\s+(\d{1,16})\s+([a-z]\w*)(?:\s+"([^"]*)"(?:\s+(\d{1,16}))?)?(\s.*)?$/i;
const bare = /^(rw|rdonly|noaccess)\s+(\d{1,16})\s+([a-z]\w*)\s+([^\s"]+)(?:\s+(\d{1,16}))?$/i;

/** Types whose line may say more after the file (device names, partitions); nothing of that is needed. */
const mayTrail = /^(vmfsrdm|vmfsraw|flat|vmfs)$/i;

export function looksLikeExtent(line: string): boolean {
  return begin.test(line);
}

/** Reads one extent line; undefined when it is not one that can be trusted. */
export function parseExtentLine(line: string): ExtentLine | undefined {
  const match = bare.exec(line) ?? quoted.exec(line);
  if (!match) return undefined;
  const [, access = '', sectorText = '', type = '', fileName, offsetText, trailing = ''] = match;
  const trusted = trailing.trim() === '' || (fileName !== undefined && mayTrail.test(type));
  if (!trusted || trailing.includes('"')) return undefined;
  const sectors = bounded(sectorText);
  const offsetSectors = offsetText === undefined ? undefined : bounded(offsetText);
  if (sectors === undefined || (offsetText !== undefined && offsetSectors === undefined)) return undefined;
  return {
    access: access.toUpperCase() as ExtentAccess,
    sectors,
    type: type.toUpperCase(),
    ...(fileName === undefined ? {} : { fileName }),
    ...(offsetSectors === undefined ? {} : { offsetSectors }),
  };
}

export function formatExtentLine(extent: ExtentLine): string {
  const words: (string | number)[] = [extent.access, extent.sectors, extent.type];
  if (extent.fileName !== undefined) words.push(`"${extent.fileName}"`);
  if (extent.offsetSectors !== undefined) words.push(extent.offsetSectors);
  return words.join(' ');
}

/** A sector number whose byte position is still exact. */
function bounded(text: string): number | undefined {
  const sectors = Number(text);
  return Number.isSafeInteger(sectors * sectorBytes) ? sectors : undefined;
}
