import { type Clock, LeewardError } from '@leeward/core';
import { systemClock, systemRandomness } from '@leeward/platform';
import { expect, it, onTestFinished } from 'vitest';
import { hurriedClock } from '../../testing/hurried-clock.ts';
import { LocalGate } from './http-gate.ts';
import { RemoteGate } from './http-gate-client.ts';
import { openHostGate } from './http-gate-server.ts';
import { basicKeys, type HttpKeys, sessionKeys, ticketKeys } from './http-keys.ts';

const request = { method: 'GET', url: 'https://esx/folder/a?dsName=b' } as const;
const letIn = (setCookie: string[] = []) => ({ kind: 'let-in', setCookie }) as const;

function both(keys: HttpKeys, maxRequests?: number, clock: Clock = systemClock) {
  const gate = openHostGate({ keys, maxRequests, clock, randomness: systemRandomness });
  const reader = () => {
    const remote = new RemoteGate(gate.login.channel, 'esx', systemClock, systemRandomness);
    onTestFinished(() => remote.close());
    return remote;
  };
  onTestFinished(() => gate.close());
  return { gate, reader };
}

it('lets in as many as it may, of all readers together, in the order of asking', async () => {
  const { gate, reader } = both(
    sessionKeys(async () => 'a=1'),
    2,
  );
  const [one, two] = [reader(), reader()];
  const passes = await Promise.all([one.enter(request), two.enter(request)]);
  const order: number[] = [];
  const waiting = [one, two, one].map((each, index) =>
    each.enter(request).then((pass) => {
      order.push(index);
      return pass;
    }),
  );
  await systemClock.sleep(50);
  expect(gate.figures).toEqual({ inFlight: 2, waiting: 3, peak: 2 });
  for (const pass of passes) pass.leave(letIn());
  for (const next of waiting) (await next).leave(letIn());
  expect(order).toEqual([0, 1, 2]);
  await systemClock.sleep(50);
  expect(gate.figures).toEqual({ inFlight: 0, waiting: 0, peak: 2 });
});

it('gives the place of a reader that does not wait any more, or was closed, to the next', async () => {
  const { gate, reader } = both(
    sessionKeys(async () => 'a=1'),
    1,
  );
  const [one, two] = [reader(), reader()];
  const pass = await one.enter(request);
  const stop = new AbortController();
  const given = two.enter(request, stop.signal);
  const closed = one.enter(request);
  const last = two.enter(request);
  await systemClock.sleep(30);
  stop.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  const late = one.enter(request);
  // What it has and what it waits for; its thread may be about to end.
  one.close();
  for (const waiting of [closed, late]) await expect(waiting).rejects.toMatchObject({ code: 'L-NET-414' });
  (await last).leave({ kind: 'failed' });
  pass.leave({ kind: 'failed' });
  await systemClock.sleep(30);
  expect(gate.figures).toMatchObject({ inFlight: 0, waiting: 0 });
});

it('ends the waiting of readers when it is closed', async () => {
  const { gate, reader } = both(
    sessionKeys(async () => 'a=1'),
    1,
  );
  const one = reader();
  const pass = await one.enter(request);
  const waiting = one.enter(request);
  await systemClock.sleep(30);
  gate.close();
  gate.close();
  await expect(waiting).rejects.toMatchObject({ code: 'L-NET-414', details: { host: 'esx' } });
  pass.leave({ kind: 'failed' });
});

it('takes back the place of a reader whose thread ended without a word', async () => {
  const { gate, reader } = both(
    sessionKeys(async () => 'a=1'),
    1,
    { ...hurriedClock(systemClock), after: (_, action) => systemClock.after(50, action) },
  );
  const [dead, next] = [reader(), reader()];
  await dead.enter(request);
  const pass = await next.enter(request);
  expect(gate.figures.peak).toBe(1);
  pass.leave({ kind: 'failed' });
});

it('says when there is no gate', async () => {
  const clock = { ...systemClock, after: (_: number, action: () => void) => systemClock.after(20, action) };
  const lost = new RemoteGate(
    'nobody',
    'esx',
    { ...clock, now: () => 0, monotonicMs: () => 0, sleep: systemClock.sleep },
    systemRandomness,
  );
  await expect(lost.enter(request)).rejects.toMatchObject({ code: 'L-NET-414' });
  lost.close();
  await expect(lost.enter(request)).rejects.toMatchObject({ code: 'L-NET-414' });
});

it('makes a lost session anew once for all, and hands on why it cannot', async () => {
  const asked: (string | undefined)[] = [];
  let count = 0;
  let fails = false;
  const { reader } = both(
    sessionKeys(async (refused) => {
      asked.push(refused);
      await systemClock.sleep(10);
      if (fails) throw new LeewardError('L-VC-102', { host: 'vc', username: 'u' });
      return `s=${++count}`;
    }),
    8,
  );
  const readers = [reader(), reader()];
  const enter = () => Promise.all([0, 1, 0, 1].map((index) => readers[index]!.enter(request)));
  const first = await enter();
  expect(first.map(({ headers }) => headers['cookie'])).toEqual(['s=1', 's=1', 's=1', 's=1']);
  for (const pass of first) pass.leave({ kind: 'refused' });
  const second = await enter();
  expect(second.map(({ headers }) => headers['cookie'])).toEqual(['s=2', 's=2', 's=2', 's=2']);
  expect(asked).toEqual([undefined, 's=1']);
  fails = true;
  for (const pass of second) pass.leave({ kind: 'refused' });
  await expect(readers[0]!.enter(request)).rejects.toMatchObject({
    code: 'L-VC-102',
    details: { host: 'vc' },
  });
  fails = false;
  expect((await readers[0]!.enter(request)).headers['cookie']).toBe('s=3');
});

it('shares the session that a password opened between readers', async () => {
  const { reader } = both(basicKeys('u', 'p'));
  const [one, two] = [reader(), reader()];
  const first = await one.enter(request);
  expect(first.headers).toEqual({ authorization: `Basic ${btoa('u:p')}` });
  const waiting = two.enter(request);
  first.leave(letIn(['x=y; Path=/', 'vmware_soap_session="1"; Path=/; Secure']));
  const next = await waiting;
  expect(next.headers).toEqual({ cookie: 'vmware_soap_session="1"' });
  const also = await one.enter(request);
  next.leave({ kind: 'refused' });
  also.leave({ kind: 'refused' });
  const again = await two.enter(request);
  expect(again.headers).toHaveProperty('authorization');
  again.leave({ kind: 'refused' });
  await expect(one.enter(request)).rejects.toMatchObject({ code: 'L-NET-404' });
});

it('asks for a ticket for every request, and does not keep a place when there is none', async () => {
  const asked: string[] = [];
  const keys = ticketKeys(async ({ method, url }) => {
    asked.push(`${method} ${url}`);
    if (asked.length === 2) throw new Error('no ticket today');
    return `t${asked.length}`;
  });
  const gate = new LocalGate(keys, 1);
  const first = await gate.enter(request);
  expect(first.headers).toEqual({ cookie: 'vmware_cgi_ticket=t1', connection: 'close' });
  first.leave(letIn());
  first.leave(letIn());
  await expect(gate.enter(request)).rejects.toThrow('no ticket today');
  (await gate.enter({ ...request, url: 'https://esx/x' })).leave(letIn());
  expect(asked).toEqual([`GET ${request.url}`, `GET ${request.url}`, 'GET https://esx/x']);
  expect(gate.figures).toEqual({ inFlight: 0, waiting: 0, peak: 1 });
});
