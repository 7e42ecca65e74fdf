import { expect, it } from 'vitest';
import type { ProxyView } from '../../api/systems.ts';
import { reachMatrix } from './reach.ts';
import { isReady, newSystem, type SystemDraft, systemBody, systemCommand } from './system-draft.ts';

const proof = (address: string, protocol: 'nfs' | 'iscsi', reached = true) => ({
  ...{ arraySerial: 's', address, protocol, reached, checkedAt: '2026-11-26T10:00:00.000Z', text: '' },
});
const proxy = (id: string, reach: ProxyView['reach']): ProxyView => ({
  ...{ id, name: id, online: true, addresses: [], slots: 2, reach },
});

it('has a row for each port and protocol and a cell for each proxy, also where nothing was proved', () => {
  const proxies = [
    proxy('p1', [proof('10.0.0.2', 'nfs'), proof('10.0.0.1', 'nfs')]),
    proxy('p2', [proof('10.0.0.1', 'nfs', false), proof('10.0.0.1', 'iscsi')]),
  ];
  const rows = reachMatrix(proxies, undefined);
  expect(
    rows.map(({ address, protocol, proofs }) => [address, protocol, proofs.map((p) => p?.reached)]),
  ).toEqual([
    ['10.0.0.1', 'iscsi', [undefined, true]],
    ['10.0.0.1', 'nfs', [true, false]],
    ['10.0.0.2', 'nfs', [true, undefined]],
  ]);
});

it('names arrays as they are registered, with their rows together, and one that is gone by its serial', () => {
  const at = (arraySerial: string) => ({ ...proof('10.0.0.1', 'nfs'), arraySerial });
  const arrays = [
    { id: '1', name: 'site-b' },
    { id: '2', name: 'site-a' },
    { id: '4', name: 'unproved' },
  ];
  const rows = reachMatrix([proxy('p1', [at('1'), at('3')]), proxy('p2', [at('2')])], arrays);
  expect(rows.map(({ arraySerial, arrayName }) => [arraySerial, arrayName])).toEqual([
    ['3', '3 (not registered)'],
    ['2', 'site-a'],
    ['1', 'site-b'],
  ]);
});

it('registers with what was typed, and never shows the password as a command', () => {
  const draft: SystemDraft = {
    ...newSystem,
    ...{ name: 'a', host: 'h', username: 'u', password: 'secret', family: 'f' },
  };
  expect(systemBody('vcenter', draft)).toEqual({ name: 'a', host: 'h', username: 'u', password: 'secret' });
  expect(systemBody('array', { ...draft, port: '8443' })).toMatchObject({ family: 'f', port: 8443 });
  expect(systemCommand('array', draft, (text) => text)).toBe(
    'leeward array add a --family f --host h --username u --password-file FILE',
  );
});

it('changes only what is other than before', () => {
  const now = { host: 'h', port: 443, username: 'u' };
  const draft: SystemDraft = { ...newSystem, name: 'a', host: 'h', port: '443', username: 'u' };
  const plain = (text: string) => text;
  expect(systemBody('array', draft, now)).toEqual({});
  expect(systemCommand('array', draft, plain, now)).toBe('leeward array edit a');
  const edited: SystemDraft = {
    ...{ ...draft, host: 'new', port: '8443', password: 'secret', chap: 'set', chapPassword: 'hidden' },
    ports: [
      { address: '10.0.0.1', protocol: 'nfs', port: '12049', mountPort: '' },
      { address: '10.0.0.2', protocol: 'iscsi', port: '13260', mountPort: '' },
    ],
  };
  expect(systemBody('array', edited, now)).toEqual({
    ...{ host: 'new', port: 8443, password: 'secret', chap: { password: 'hidden' } },
    nfsPorts: { '10.0.0.1': { nfsPort: 12049, mountPort: 12049 } },
    iscsiPorts: { '10.0.0.2': 13260 },
  });
  expect(systemCommand('array', edited, plain, now)).toBe(
    'leeward array edit a --host new --port 8443 --password-file FILE --nfs-ports-file FILE --iscsi-ports-file FILE --chap-password-file FILE',
  );
  expect(systemBody('array', { ...draft, chap: 'none', ports: [] }, now)).toEqual({
    ...{ chap: null, nfsPorts: {}, iscsiPorts: {} },
  });
});

it('changes mutual CHAP with CHAP alone', () => {
  const now = { host: 'h', port: 443, username: 'u' };
  const plain = (text: string) => text;
  const base: SystemDraft = { ...newSystem, name: 'a', host: 'h', port: '443', username: 'u', chap: 'set' };
  const set: SystemDraft = {
    ...{
      ...base,
      chapUsername: 'c',
      chapMutual: 'set',
      chapMutualUsername: 'm',
      chapMutualPassword: 'hidden',
    },
  };
  expect(systemBody('array', set, now)).toEqual({
    chap: { username: 'c', mutual: { username: 'm', password: 'hidden' } },
  });
  expect(systemCommand('array', set, plain, now)).toBe(
    'leeward array edit a --chap-username c --chap-mutual-username m --chap-mutual-password-file FILE',
  );
  const none: SystemDraft = { ...base, chapMutual: 'none', chapMutualUsername: 'm' };
  expect(systemBody('array', none, now)).toEqual({ chap: { mutual: null } });
  expect(systemCommand('array', none, plain, now)).toBe('leeward array edit a --no-chap-mutual');
  expect(systemBody('array', { ...set, chap: 'keep' }, now)).toEqual({});
});

it('is not sent before what is needed is there', () => {
  const draft = { ...newSystem, name: 'a', host: 'h', username: 'u', password: 'p' };
  expect([isReady('vcenter', draft, true), isReady('array', draft, true)]).toEqual([true, false]);
  expect(isReady('array', { ...newSystem, host: 'h', username: 'u' }, false)).toBe(true);
});
