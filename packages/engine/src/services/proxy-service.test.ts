import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArrayInventory, ReachProof } from '@leeward/core';
import { ManualClock, SeededRandomness, systemClock } from '@leeward/platform';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openStore } from '../application/open-store.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { MemoryEngine } from '../flow/memory/memory-engine.ts';
import { InventoryCache } from '../inventory/cached-inventory.ts';
import { type ProbeInput, probeFlow } from '../proxy/probe.ts';
import { proxyQueue } from '../proxy/read-vm.ts';
import type { Store } from '../store/store.ts';
import { ProxyService } from './proxy-service.ts';

const minute = 60_000;
const startMs = Date.UTC(2026, 10, 25, 20);
const settings = { addresses: ['192.0.2.5'], slots: 2 };
const inventory = {
  identity: {
    ...{
      serial: 'S1',
      name: 'a',
      family: 'f',
      brand: 'b',
      model: 'm',
      version: '1',
      nodes: [],
      licences: [],
    },
  },
  dataPorts: [
    {
      ...{ id: 'p1', name: 'p1', tenantId: 't', address: '192.0.2.1', up: true },
      protocols: ['nfs', 'iscsi'],
    },
  ],
  ...{ volumes: [], relations: [], notes: [] },
} satisfies ArrayInventory;

let folder = '';
let database: Database;
let opened: Awaited<ReturnType<typeof openStore>>;
let store: Store;
const randomness = new SeededRandomness(1);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-proxies-'));
  const tools = { dataFolder: folder, clock: systemClock };
  database = await openDatabase(tools);
  opened = await openStore({ ...tools, url: database.url, randomness });
  store = opened.store;
  const system = { host: 'a', port: 443, username: 'u', trust: { kind: 'ca' } } as const;
  await store.systems.add({ id: 'S1', kind: 'array', name: 'a', settings: system, secretId: 'x' });
  await new InventoryCache(store).saveArray('S1', inventory, new Date(startMs).toISOString());
});
afterAll(async () => {
  await opened?.db.destroy();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

let clock: ManualClock;
let asked: ProbeInput[];
let answer: (input: ProbeInput) => unknown;
let service: ProxyService;
beforeEach(async () => {
  clock = new ManualClock(startMs);
  asked = [];
  answer = ({ ports }) =>
    ports.map(({ arraySerial, address, protocol }) => ({
      ...{ arraySerial, address, protocol, reached: true, proved: 'login', text: 'fine' },
      checkedAt: new Date(clock.now()).toISOString(),
    }));
  const engine = new MemoryEngine({ clock, listenQueues: [proxyQueue('p')] });
  const flow: FlowDefinition<ProbeInput, ReachProof[]> = {
    ...probeFlow,
    run: async (_, input) => {
      asked.push(input);
      return answer(input) as ReachProof[];
    },
  };
  engine.register(flow);
  await engine.launch();
  service = new ProxyService({ store, clock, randomness, doors: undefined as never }, engine);
  await store.proxies.put({ id: 'p', name: 'proxy', settings });
  await store.proxies.saveReach('p', []);
  await showLife();
});

const showLife = () => store.proxies.seen('p', new Date(clock.now()).toISOString());

it('has the proxy try every port under its initiator name and keeps what it proved', async () => {
  const view = await service.probe('proxy');
  expect(asked).toEqual([
    {
      ports: [
        { arraySerial: 'S1', address: '192.0.2.1', protocol: 'nfs', exports: [] },
        { arraySerial: 'S1', address: '192.0.2.1', protocol: 'iscsi' },
      ],
      initiatorName: 'iqn.2026-11.io.leeward:p',
    },
  ]);
  expect(view).toMatchObject({ id: 'p', initiatorName: 'iqn.2026-11.io.leeward:p' });
  expect(view.reach.map(({ protocol, proved }) => [protocol, proved])).toEqual([
    ['nfs', 'login'],
    ['iscsi', 'login'],
  ]);
});

it('does not store what is no proof', async () => {
  answer = () => [{ arraySerial: 'S1', reached: 'perhaps' }];
  await expect(service.probe('p')).rejects.toMatchObject({ code: 'L-PRX-103' });
  expect((await service.find('p')).reach).toEqual([]);
});

it('refuses to probe a proxy that is not online', async () => {
  await clock.advance(minute);
  await expect(service.probe('p')).rejects.toMatchObject({ code: 'L-PRX-101' });
});

it('proves anew before a run what is missing, was not reached a while ago, or is a day old', async () => {
  const roundAfter = async (minutes: number) => {
    await clock.advance(minutes * minute);
    await showLife();
    await service.proveMissing();
    return asked.length;
  };
  expect(await roundAfter(0)).toBe(1);
  expect(await roundAfter(60)).toBe(1);
  answer = ({ ports }) =>
    ports.map(({ arraySerial, address, protocol }) => ({
      ...{ arraySerial, address, protocol, reached: false, text: 'no answer' },
      checkedAt: new Date(clock.now()).toISOString(),
    }));
  expect(await roundAfter(24 * 60)).toBe(2);
  expect(await roundAfter(5)).toBe(2);
  expect(await roundAfter(6)).toBe(3);
});

it('tries again what a release proved that knew no more than that a port answers', async () => {
  const old = ['nfs', 'iscsi'] as const;
  const checkedAt = new Date(startMs).toISOString();
  const proofs = old.map((protocol) => ({
    ...{ arraySerial: 'S1', address: '192.0.2.1', protocol, reached: true, checkedAt, text: 'NFS answers' },
  }));
  await store.proxies.saveReach('p', proofs);
  expect((await service.find('p')).reach).toEqual(proofs);
  await service.proveMissing();
  expect(asked).toHaveLength(1);
});

it('keeps the initiator name of a proxy that registers again without one', async () => {
  const initiatorName = 'iqn.1994-05.com.example:backup';
  await store.proxies.put({ id: 'q', name: 'other', settings: { ...settings, initiatorName } });
  await store.proxies.put({ id: 'q', name: 'other', settings: { ...settings, slots: 4 } });
  expect(await service.find('q')).toMatchObject({ initiatorName, slots: 4 });
});
