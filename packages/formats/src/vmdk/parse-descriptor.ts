import { LeewardError } from '@leeward/core';
import { type DescriptorEntry, type ExtentLine, noParentCid, type VmdkDescriptor } from './descriptor.ts';
import { descriptorText, maxDescriptorBytes } from './descriptor-text.ts';
import { looksLikeExtent, parseExtentLine } from './extent-line.ts';

export interface ParseOptions {
  /** Names the descriptor in errors. */
  readonly file: string;
  /** Raised only for descriptors with very many extents, as restores of large disks have. */
  readonly limitBytes?: number;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

const known = new Set([
  'version',
  'encoding',
  'cid',
  'parentcid',
  'isnativesnapshot',
  'createtype',
  'parentfilenamehint',
  'changetrackpath',
]);

/**
 * Reads a VMDK descriptor. Tolerant in form (case of keys, blanks, quotes, comments, line ends, character
 * sets, unknown keys), strict in meaning: a line that is not understood, or a key that is there twice with two
 * values, might hide a part of the disk and is refused. Input may be hostile. Throws `L-FMT-101` to `-104`.
 */
export function parseDescriptor(bytes: Uint8Array, options: ParseOptions): VmdkDescriptor {
  const { file, limitBytes = maxDescriptorBytes } = options;
  const header = new Map<string, { readonly line: Line; readonly value: string }>();
  const extents: ExtentLine[] = [];
  const ddb: DescriptorEntry[] = [];
  const others: DescriptorEntry[] = [];
  for (const line of contentLines(descriptorText(bytes, file, limitBytes))) {
    if (looksLikeExtent(line.text)) {
      extents.push(parseExtentLine(line.text) ?? damaged(file, line, 'this is not a valid extent line'));
      continue;
    }
    const entry = parseEntry(line.text) ?? damaged(file, line, 'this is neither an extent nor "key = value"');
    const key = entry.key.toLowerCase();
    if (key.startsWith('ddb.')) ddb.push(entry);
    else if (!known.has(key)) others.push(entry);
    else if ((header.get(key)?.value ?? entry.value) !== entry.value)
      damaged(file, line, `"${entry.key}" is there twice with two values`);
    else header.set(key, { line, value: entry.value });
  }
  const text = (key: string) => header.get(key)?.value;
  const createType = text('createtype');
  if (!createType) throw new LeewardError('L-FMT-101', { file, reason: 'it has no "createType"' });
  const cid = contentId(file, header.get('cid'));
  if (cid === undefined) throw new LeewardError('L-FMT-101', { file, reason: 'it has no "CID"' });
  const parentFileNameHint = text('parentfilenamehint');
  const changeTrackPath = text('changetrackpath');
  return {
    version: versionOf(file, header.get('version')),
    cid,
    parentCid: contentId(file, header.get('parentcid')) ?? noParentCid,
    createType,
    nativeSnapshot: /^(yes|true|1)$/i.test(text('isnativesnapshot') ?? 'no'),
    ...(parentFileNameHint === undefined ? {} : { parentFileNameHint }),
    ...(changeTrackPath === undefined ? {} : { changeTrackPath }),
    extents,
    ddb,
    others,
  };
}

function* contentLines(text: string): Generator<Line> {
  let number = 0;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    number++;
    const line = raw.trim();
    if (line !== '' && !line.startsWith('#')) yield { number, text: line };
  }
}

function parseEntry(line: string): DescriptorEntry | undefined {
  const equals = line.indexOf('=');
  const key = line.slice(0, Math.max(0, equals)).trim();
  if (key === '' || /[\s"#]/.test(key)) return undefined;
  const written = line.slice(equals + 1).trim();
  const isQuoted = written.length >= 2 && written.startsWith('"') && written.endsWith('"');
  return { key, value: isQuoted ? written.slice(1, -1) : written };
}

type Found = { readonly line: Line; readonly value: string } | undefined;

function contentId(file: string, found: Found): string | undefined {
  if (!found) return undefined;
  if (!/^[0-9a-f]{1,8}$/i.test(found.value)) damaged(file, found.line, 'a content id has 8 hex digits');
  return found.value.toLowerCase().padStart(8, '0');
}

function versionOf(file: string, found: Found): number {
  if (!found) return 1;
  if (!/^\d{1,4}$/.test(found.value)) damaged(file, found.line, 'the version is not a number');
  return Number(found.value);
}

function damaged(file: string, line: Line, reason: string): never {
  throw new LeewardError('L-FMT-103', { file, line: line.number, reason });
}
