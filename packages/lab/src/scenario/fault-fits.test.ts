import { describe, expect, it } from 'vitest';
import { neverFits } from './fault-fits.ts';
import { type FaultRequest, wireFault } from './fault-request.ts';
import type { LabPoints } from './lab-faults.ts';

const arrayPoints: LabPoints = {
  calls: [
    { method: 'GET', path: '/api/things' },
    { method: 'POST', path: '/api/things/*/copies' },
  ],
  steps: [{ step: 'transfer', subject: '*:*', deeds: ['fail', 'hang'] }],
  ports: [
    { address: '127.0.0.1', protocol: 'nfs', paths: ['/vol1'] },
    { address: '127.0.0.2', protocol: 'iscsi', paths: ['/vol/v/l'] },
  ],
};
const vcenterPoints: LabPoints = {
  calls: ['Login', 'CreateSnapshot_Task'].map((method) => ({ method, path: '' })),
  steps: [],
  ports: [],
  doors: ['vcenter', 'esx1'],
};
const hang = { kind: 'hang' } as const;
const fault = (more: Partial<FaultRequest>): FaultRequest => ({ place: 'call', nth: 1, deed: hang, ...more });
const down = { kind: 'down', forMs: 1 } as const;
const refuse = (code: string) => ({ kind: 'refuse', code }) as const;

describe('a fault that could never act is told apart from one that may', () => {
  it.each<[Partial<FaultRequest>, string | undefined]>([
    [{}, undefined],
    [{ method: 'post', path: '/api/things/7/*' }, undefined],
    [{ method: 'POST', path: '/api/things' }, 'There is GET.'],
    [{ method: 'PUT' }, 'no call has the method PUT'],
    [{ path: '/api/thing' }, 'fits the path /api/thing'],
    [{ place: 'job', method: 'POST', path: '/api/things*' }, undefined],
    [{ place: 'job', method: 'GET' }, 'starts a job'],
    [{ place: 'job', path: '/v1/*' }, 'no job fits'],
    [{ place: 'step', step: 'Transfer', path: 'svm1:vol1' }, undefined],
    [{ place: 'step', step: 'replication' }, 'but transfer'],
    [{ place: 'step', step: 'transfer', path: 'vol1' }, 'called like *:*'],
    [{ place: 'step', step: 'transfer', deed: { kind: 'delay', delayMs: 1 } }, 'not delay'],
    [{ place: 'port', port: '127.0.0.1', method: 'read', path: '/new/clone/*' }, undefined],
    [{ place: 'port', port: '127.0.0.9' }, '127.0.0.1, 127.0.0.2'],
    [{ place: 'port', port: '127.0.0.1', method: 'INQUIRY' }, 'called INQUIRY'],
    [{ place: 'port', method: 'INQUIRY' }, undefined],
    [{ place: 'port', port: '127.0.0.1', path: 'vol1' }, 'begin with /'],
    [{ place: 'port', port: '127.0.0.1', deed: refuse('BUSY') }, 'a refusal of iscsi'],
    [{ place: 'port', port: '127.0.0.2', deed: refuse('03/11/00') }, undefined],
    [{ place: 'now', deed: down }, undefined],
    [{ place: 'now', deed: down, port: '127.0.0.9' }, 'no data port'],
    [{ place: 'file' }, 'no such reads of files'],
  ])('of an array: %j', (more, problem) => {
    const said = neverFits('array', fault(more), arrayPoints);
    if (problem === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(problem);
  });

  it.each<[Partial<FaultRequest>, string | undefined]>([
    [{ method: 'login' }, undefined],
    [{ method: '*Snapshot_Task' }, undefined],
    [{ method: 'Logout' }, 'called Logout'],
    [{ place: 'job', method: 'Login' }, 'no task is called Login'],
    [{ place: 'file', path: '/folder/*', port: 'esx1' }, undefined],
    [{ place: 'file', path: '/folder/*', port: 'esx9' }, 'no door'],
    [{ place: 'file', path: '/sdk' }, 'begin with /folder'],
    [{ place: 'port' }, 'no data ports'],
    [{ place: 'step', step: 'transfer' }, 'no steps'],
    [{ place: 'now', deed: down, port: 'esx1' }, undefined],
  ])('of vCenter: %j', (more, problem) => {
    const said = neverFits('vcenter', fault(more), vcenterPoints);
    if (problem === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(problem);
  });
});

describe('a fault on the way to a door', () => {
  it.each<['array' | 'vcenter', Partial<FaultRequest>, object]>([
    ['array', { method: 'POST', path: '/a', times: 2 }, { at: 'rest', method: 'POST', path: '/a', times: 2 }],
    ['array', { place: 'job' }, { at: 'job' }],
    ['array', { place: 'step', step: 's', path: 'x' }, { at: 'step', step: 's', path: 'x' }],
    ['array', { place: 'port', port: 'p', method: 'READ' }, { at: 'port', port: 'p', method: 'READ' }],
    ['vcenter', { method: 'Login', vm: 'web' }, { at: 'soap', method: 'Login', vm: 'web' }],
    ['vcenter', { place: 'job', method: 'X_Task' }, { at: 'task', method: 'X_Task' }],
    [
      'vcenter',
      { place: 'file', path: '/folder/*', port: 'esx1' },
      { at: 'file', path: '/folder/*', origin: 'esx1' },
    ],
  ])('to an %s: %j', (kind, more, expected) => {
    expect(wireFault(kind, fault(more))).toEqual({ nth: 1, action: hang, ...expected });
  });

  it('says nothing of what was left out', () => {
    const deed = { kind: 'refuse', status: 503, code: undefined } as const;
    expect(wireFault('array', fault({ deed }))).toEqual({
      ...{ at: 'rest', nth: 1 },
      action: { kind: 'refuse', status: 503 },
    });
    const now = fault({ place: 'now', deed: down, port: 'p' });
    expect(wireFault('array', now)).toEqual({ at: 'now', action: { ...down, port: 'p' } });
  });
});
