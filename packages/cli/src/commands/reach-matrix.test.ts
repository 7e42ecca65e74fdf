import type { ReachProof } from '@leeward/core';
import type { ProxyView } from '@leeward/server';
import { expect, it } from 'vitest';
import { displayWidth } from '../output/display-width.ts';
import { reachMatrix } from './reach-matrix.ts';

const nowMs = Date.UTC(2026, 10, 25, 20, 10);
const proof = (address: string, protocol: 'nfs' | 'iscsi', more: Partial<ReachProof> = {}): ReachProof => ({
  ...{ arraySerial: 'S1', address, protocol, reached: true, text: `what was seen at ${address}` },
  checkedAt: new Date(nowMs - 123_000).toISOString(),
  ...more,
});
const proxy = (name: string, reach: readonly ReachProof[]): ProxyView => ({
  ...{ id: name, name, online: true, addresses: ['192.0.2.5'], slots: 2, reach },
});
const ports = [
  { address: '192.0.2.1', protocol: 'nfs' },
  { address: '192.0.2.2', protocol: 'iscsi' },
  { address: '192.0.2.3', protocol: 'iscsi' },
] as const;
const arrays = [
  { serial: 'S1', name: 'site-b', ports },
  { serial: 'S2', name: 'site-c', ports: [] },
];

it('says for each port and proxy how far the proof went and how old it is, and why it is no full read', () => {
  const local = proxy('local', [
    proof('192.0.2.1', 'nfs', { proved: 'read' }),
    proof('192.0.2.2', 'iscsi', { proved: 'login', text: 'login works, no LUN is mapped now' }),
    proof('192.0.2.3', 'iscsi', { reached: false, text: 'no answer' }),
    proof('192.0.2.9', 'nfs', { arraySerial: 'S9', proved: 'mount' }),
  ]);
  const other = proxy('7', [
    proof('192.0.2.1', 'nfs', { proved: 'connected', refused: 'L-NET-106' }),
    proof('192.0.2.2', 'iscsi', { proved: 'login', text: 'login works, no LUN is mapped now' }),
  ]);
  expect(reachMatrix([local, other], arrays, nowMs).split('\n')).toEqual([
    'DATA PORT            PROTOCOL  FROM local                   FROM 7',
    'site-b',
    '  192.0.2.1          nfs       ● read, 2 m 03 s ago         ! connected, then refused, 2 m 03 s ago',
    '  192.0.2.2          iscsi     ◐ logged in, 2 m 03 s ago    ◐ logged in, 2 m 03 s ago',
    '  192.0.2.3          iscsi     ✗ not reached, 2 m 03 s ago  · not proved',
    'S9 (not registered)',
    '  192.0.2.9          nfs       ◐ mounted, 2 m 03 s ago      · not proved',
    '',
    '● proved as far as it goes',
    '◐ nothing to read there now; counts as reachable',
    '! refuses now what a backup gives access to; counts as reachable',
    '✗ counts as not reachable; tried after all others',
    '· no probe has tried it; may be used, and is tried before a run',
    '',
    '! 192.0.2.1 nfs from 7: what was seen at 192.0.2.1',
    '◐ 192.0.2.2 iscsi from local, 7: login works, no LUN is mapped now',
    '✗ 192.0.2.3 iscsi from local: no answer',
    '◐ 192.0.2.9 nfs from local: what was seen at 192.0.2.9',
  ]);
});

it('tells a refused login from a port that does not answer, and an old proof from a read', () => {
  const text = reachMatrix(
    [
      proxy('local', [
        proof('192.0.2.2', 'iscsi', { reached: false, refused: 'L-BLK-102' }),
        proof('192.0.2.1', 'nfs'),
      ]),
    ],
    arrays,
    nowMs,
  );
  expect(text).toMatch(/192\.0\.2\.2 +iscsi +⊗ login refused, 2 m 03 s ago/);
  expect(text).toMatch(/192\.0\.2\.1 +nfs +○ connected, 2 m 03 s ago/);
  expect(text).toContain('⊗ counts as not reachable; tried after all others');
});

it('spreads many proxies over blocks that fit a terminal, without losing one', () => {
  const names = Array.from({ length: 9 }, (_, at) => `proxy-${at}`);
  const proxies = names.map((name) => proxy(name, [proof('192.0.2.1', 'nfs', { proved: 'read' })]));
  const blocks = reachMatrix(proxies, arrays, nowMs, 80).split('\n\n').slice(0, -1);
  expect(blocks.length).toBeGreaterThan(1);
  for (const line of blocks.join('\n').split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  expect(names.filter((name) => !blocks.some((each) => each.includes(`FROM ${name}`)))).toEqual([]);
});

it('lets no name or text of a foreign system write control characters', () => {
  const text = reachMatrix(
    [proxy('a\x1b[2J', [proof('192.0.2.1', 'nfs', { proved: 'read' })])],
    arrays,
    nowMs,
  );
  expect(text).not.toContain('\x1b');
});
