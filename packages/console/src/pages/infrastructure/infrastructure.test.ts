import { expect, it } from 'vitest';
import type { ProxyView } from '../../api/systems.ts';
import { reachMatrix } from './reach.ts';
import { type SystemDraft, systemBody, systemCommand } from './system-draft.ts';

const proof = (address: string, protocol: 'nfs' | 'iscsi', reached = true) => ({
  ...{ arraySerial: 's', address, protocol, reached, checkedAt: '2026-11-26T10:00:00.000Z', text: '' },
});
const proxy = (id: string, reach: ProxyView['reach']): ProxyView => ({
  ...{ id, name: id, online: true, addresses: [], slots: 2, reach },
});

it('has a row for each port and protocol and a cell for each proxy, also where nothing was proved', () => {
  const rows = reachMatrix([
    proxy('p1', [proof('10.0.0.2', 'nfs'), proof('10.0.0.1', 'nfs')]),
    proxy('p2', [proof('10.0.0.1', 'nfs', false), proof('10.0.0.1', 'iscsi')]),
  ]);
  expect(
    rows.map(({ address, protocol, proofs }) => [address, protocol, proofs.map((p) => p?.reached)]),
  ).toEqual([
    ['10.0.0.1', 'iscsi', [undefined, true]],
    ['10.0.0.1', 'nfs', [true, false]],
    ['10.0.0.2', 'nfs', [true, undefined]],
  ]);
});

it('registers with what was typed, and never shows the password as a command', () => {
  const draft: SystemDraft = {
    ...{ name: 'a', host: 'h', port: '', username: 'u', password: 'secret', fingerprint: '', family: 'f' },
  };
  expect(systemBody('vcenter', draft)).toEqual({ name: 'a', host: 'h', username: 'u', password: 'secret' });
  expect(systemBody('array', { ...draft, port: '8443' })).toMatchObject({ family: 'f', port: 8443 });
  expect(systemCommand('array', draft, (text) => text)).toBe(
    'leeward array add a --family f --host h --username u --password-file FILE',
  );
});
