import type { LabFault } from '@leeward/lab';
import { describe, expect, it } from 'vitest';
import { faultColumns } from './lab-fault-text.ts';

const row = (fault: Partial<LabFault>) => {
  const whole: LabFault = {
    ...{
      system: 'array-b',
      id: 1,
      at: 'rest',
      nth: 1,
      times: 1,
      action: { kind: 'hang' },
      calls: 0,
      hits: 0,
    },
    ...fault,
  };
  const cells = Object.entries(faultColumns).map(([name, text]) => [name, text(whole)]);
  return Object.fromEntries(cells) as Record<string, string>;
};

describe('a fault in the table', () => {
  it.each<[Partial<LabFault>, string]>([
    [{ method: 'POST', path: '/api/*' }, 'POST /api/*'],
    [{ path: '*' }, 'all calls'],
    [{ at: 'job', path: '*', method: 'POST' }, 'job POST'],
    [{ at: 'step', step: 'replication', path: 'vc1/v1' }, 'step replication vc1/v1'],
    [{ at: 'port', port: '127.0.0.2', path: '*' }, 'port 127.0.0.2 all calls'],
    [{ at: 'port', method: 'READ', path: '/v/*' }, 'port * READ /v/*'],
    [{ at: 'file', path: '/folder/*', origin: 'esx1' }, 'file /folder/* at esx1'],
    [{ at: 'task', method: 'CreateSnapshot_Task', vm: 'web-01' }, 'task CreateSnapshot_Task of web-01'],
    [{ at: 'now', action: { kind: 'down', forMs: 5, port: 'p' } }, 'port p, at once'],
  ])('%j is at %s', (fault, text) => {
    expect(row(fault)['AT']).toBe(text);
  });

  it.each<[LabFault['action'], string]>([
    [{ kind: 'refuse', status: 503, code: 42, message: 'later' }, 'refuse 503 42 "later"'],
    [{ kind: 'refuse', code: 'STALE' }, 'refuse STALE'],
    [{ kind: 'delay', delayMs: 1_500 }, 'delay by 1.5 s'],
    [{ kind: 'cut', when: 'before' }, 'cut before it is done'],
    [{ kind: 'cut', when: 'after' }, 'do it, lose the answer'],
    [{ kind: 'hang', atPercent: 40 }, 'never answer at 40 %'],
    [{ kind: 'fail', atPercent: 0 }, 'fail'],
    [{ kind: 'down', forMs: 30_000, when: 'after' }, 'do it, then down for 30.0 s'],
  ])('%j reads %s', (action, text) => {
    expect(row({ action })['WHAT']).toBe(text);
  });

  it('says when it acts, and whether that is over', () => {
    expect(row({ nth: 3, times: 2, calls: 1 })).toMatchObject({
      TURN: 'from call 3 on, 2 times',
      STATE: 'waits',
    });
    expect(row({ nth: 3, times: 2, calls: 2 })['STATE']).toBe('acts at the next call');
    expect(row({ nth: 3, times: 2, calls: 4 })['STATE']).toBe('over');
    expect(row({ times: undefined, calls: 99 })).toMatchObject({
      TURN: 'always',
      STATE: 'acts at the next call',
    });
    expect(row({ at: 'now', calls: 1, downForMs: 1_000 })).toMatchObject({
      TURN: '',
      STATE: 'down, 1.0 s left',
    });
  });
});
