import type { ReachProof } from '@leeward/core';
import type { ProxyView } from '@leeward/server';
import { displayWidth, printable } from '../output/display-width.ts';
import { duration } from '../output/format.ts';
import { table } from '../output/table.ts';

/** An array with the data ports that its inventory knows. */
export interface MatrixArray {
  readonly serial: string;
  readonly name: string;
  readonly ports: readonly MatrixPort[];
}

interface MatrixPort {
  readonly address: string;
  readonly protocol: ReachProof['protocol'];
}

interface Row {
  readonly serial: string;
  readonly port?: MatrixPort;
  readonly title: string;
}

/** What follows from each sign, for backups. */
const meanings = {
  '●': 'proved as far as it goes',
  '◐': 'nothing to read there now; counts as reachable',
  '○': 'shows nothing to log in to or to mount now; counts as reachable',
  '!': 'refuses now what a backup gives access to; counts as reachable',
  '⊗': 'counts as not reachable; tried after all others',
  '✗': 'counts as not reachable; tried after all others',
  '·': 'no probe has tried it; may be used, and is tried before a run',
} as const;

type Sign = keyof typeof meanings;

/**
 * Which proxy reaches which data port: rows by array, a column for each proxy, in each cell how far the proof went and
 * its age; then what follows from it, and why a cell is not a full read. Blocks of columns are at most `columns` wide.
 */
export function reachMatrix(
  proxies: readonly ProxyView[],
  arrays: readonly MatrixArray[],
  nowMs: number,
  columns = Number.POSITIVE_INFINITY,
): string {
  const rows = rowsOf(proxies, arrays);
  const blocks = blocksOf(rows, proxies, nowMs, columns);
  const used = new Set(
    rows.flatMap(({ serial, port }) =>
      port ? proxies.map((each) => signOf(proofOf(each, serial, port))) : [],
    ),
  );
  const legend = Object.entries(meanings)
    .filter(([sign]) => used.has(sign as Sign))
    .map(([sign, meaning]) => `${sign} ${meaning}`)
    .join('\n');
  return [...blocks, legend, ...reasons(rows, proxies)].join('\n\n');
}

/** The ports of the inventories, and those that were proved and are in no inventory any more. */
function rowsOf(proxies: readonly ProxyView[], arrays: readonly MatrixArray[]): readonly Row[] {
  const proofs = proxies.flatMap(({ reach }) => reach);
  const known = new Set(arrays.map(({ serial }) => serial));
  const gone = [...new Set(proofs.map(({ arraySerial }) => arraySerial))]
    .filter((serial) => !known.has(serial))
    .map((serial) => ({ serial, name: `${serial} (not registered)`, ports: [] }));
  return [...arrays, ...gone].flatMap(({ serial, name, ports }) => {
    const own = proofs.filter(({ arraySerial }) => arraySerial === serial);
    const byKey = new Map(
      [...ports, ...own].map(({ address, protocol }) => [`${address} ${protocol}`, { address, protocol }]),
    );
    const below = [...byKey.values()].map((port) => ({ serial, port, title: `  ${port.address}` }));
    return below.length === 0 ? [] : [{ serial, title: name }, ...below];
  });
}

function blocksOf(
  rows: readonly Row[],
  proxies: readonly ProxyView[],
  nowMs: number,
  columns: number,
): readonly string[] {
  const blocks: string[] = [];
  let own: ProxyView[] = [];
  for (const proxy of proxies) {
    const wider = [...own, proxy];
    if (own.length > 0 && widthOf(block(rows, wider, nowMs)) > columns) {
      blocks.push(block(rows, own, nowMs));
      own = [proxy];
    } else own = wider;
  }
  return [...blocks, block(rows, own, nowMs)];
}

function block(rows: readonly Row[], proxies: readonly ProxyView[], nowMs: number): string {
  const cells = proxies.map(
    (proxy) =>
      [
        `FROM ${printable(proxy.name)}`,
        ({ serial, port }: Row) => (port ? cell(proofOf(proxy, serial, port), nowMs) : ''),
      ] as const,
  );
  return table(rows, {
    'DATA PORT': ({ title }) => title,
    PROTOCOL: ({ port }) => port?.protocol ?? '',
    ...Object.fromEntries(cells),
  });
}

function widthOf(text: string): number {
  return Math.max(...text.split('\n').map(displayWidth));
}

function cell(proof: ReachProof | undefined, nowMs: number): string {
  if (!proof) return `${signOf(proof)} not proved`;
  return `${signOf(proof)} ${proofText(proof)}, ${duration(nowMs - Date.parse(proof.checkedAt))} ago`;
}

function proofText({ reached, proved = 'connected', refused }: ReachProof): string {
  if (!reached) return refused ? 'login refused' : 'not reached';
  return `${steps[proved]}${refused ? ', then refused' : ''}`;
}

const steps = { connected: 'connected', login: 'logged in', mount: 'mounted', read: 'read' } as const;

function signOf(proof: ReachProof | undefined): Sign {
  if (!proof) return '·';
  if (!proof.reached) return proof.refused ? '⊗' : '✗';
  if (proof.refused) return '!';
  if (proof.proved === 'read') return '●';
  return proof.proved === 'login' || proof.proved === 'mount' ? '◐' : '○';
}

/** A line for each cell that is no full read; where several proxies see the same, it stands once. */
function reasons(rows: readonly Row[], proxies: readonly ProxyView[]): readonly string[] {
  const lines = rows.flatMap(({ serial, port }) => {
    if (!port) return [];
    const seen = proxies.flatMap((proxy) => {
      const proof = proofOf(proxy, serial, port);
      return proof && signOf(proof) !== '●'
        ? [{ name: proxy.name, sign: signOf(proof), text: proof.text }]
        : [];
    });
    const alike = Map.groupBy(seen, ({ sign, text }) => `${sign} ${text}`).values();
    return [...alike].flatMap(([first, ...others]) => {
      if (!first) return [];
      const from = [first, ...others].map(({ name }) => name).join(', ');
      return [`${first.sign} ${port.address} ${port.protocol} from ${from}: ${first.text}`];
    });
  });
  return lines.length === 0 ? [] : [lines.map(printable).join('\n')];
}

function proofOf(
  { reach }: ProxyView,
  serial: string,
  { address, protocol }: MatrixPort,
): ReachProof | undefined {
  return reach.find(
    (proof) => proof.arraySerial === serial && proof.address === address && proof.protocol === protocol,
  );
}
