import { ManualClock } from '@leeward/platform';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FaultBoard, faultSchemaOf } from './fault-board.ts';
import { type PortOccasion, portRefusal } from './port-fault.ts';

const schema = faultSchemaOf({
  code: z.number().int(),
  refuse: { code: 1, message: 'refused' },
  fail: { code: 2, message: 'failed' },
});

describe('the fault board of an array', () => {
  let clock: ManualClock;
  let board: FaultBoard<number, z.input<typeof schema>>;
  let seen: [string | undefined, boolean][];

  beforeEach(() => {
    clock = new ManualClock();
    board = new FaultBoard({
      clock,
      parse: (input: z.input<typeof schema>) => schema.parse(input),
      refusal: (status, code, message) => new Error(`${status} ${code} ${message}`),
    });
    seen = [];
    board.outages.actWith(async (port, isUp) => void seen.push([port, isUp]));
  });

  const at = (port: string, protocol: PortOccasion['protocol'], method: string, path: string) =>
    board.port({ port, protocol, method, path: () => path })?.kind;

  it('acts from the n-th call on, so many times, and counts both', () => {
    board.add({ at: 'rest', method: 'post', path: '/a/*', nth: 2, times: 2, action: { kind: 'refuse' } });
    const kinds = ['/a/1', '/b', '/a/2', '/a/3', '/a/4'].map((path) => board.rest('POST', path)?.kind);
    expect(kinds).toEqual([undefined, undefined, 'refuse', 'refuse', undefined]);
    expect(board.rest('GET', '/a/1')).toBeUndefined();
    expect(board.list()).toMatchObject([{ calls: 4, hits: 2 }]);
  });

  it('lets one fault act at a call; the others count it', () => {
    board.add({ at: 'rest', times: 1, action: { kind: 'delay', delayMs: 5 } });
    board.add({ at: 'rest', nth: 2, action: { kind: 'cut' } });
    expect([board.rest('GET', '/'), board.rest('GET', '/')]).toMatchObject([
      { kind: 'delay' },
      { kind: 'cut' },
    ]);
    expect(board.list()).toMatchObject([
      { calls: 2, hits: 1 },
      { calls: 2, hits: 1 },
    ]);
  });

  it('chooses calls of data ports by port, protocol, procedure and path', () => {
    board.add({ at: 'port', port: 'p1', method: 'read', path: '/vol1/*', action: { kind: 'hang' } });
    expect(at('p1', 'nfs', 'READ', '/vol1/f')).toBe('hang');
    expect(at('p1', 'iscsi', 'READ', '/vol1/f')).toBe('hang');
    expect(at('p2', 'nfs', 'READ', '/vol1/f')).toBeUndefined();
    expect(at('p1', 'nfs', 'WRITE', '/vol1/f')).toBeUndefined();
    expect(at('p1', 'nfs', 'READ', '/vol2/f')).toBeUndefined();
  });

  it('a refusal in the words of one protocol leaves the other alone', () => {
    board.add({ at: 'port', action: { kind: 'refuse', code: 'STALE' } });
    board.add({ at: 'port', action: { kind: 'refuse', code: '02/04/0b' } });
    expect(at('p', 'nfs', 'GETATTR', '/')).toBe('refuse');
    expect(at('p', 'iscsi', 'READ', '/')).toBe('refuse');
    expect(board.list()).toMatchObject([
      { calls: 1, hits: 1 },
      { calls: 1, hits: 1 },
    ]);
  });

  it('takes only refusals that some data port knows', () => {
    expect(portRefusal('nfs3err_io')).toEqual({ protocol: 'nfs', status: 'IO' });
    expect(portRefusal('task_set_full')).toEqual({ protocol: 'iscsi', scsiStatus: 0x28 });
    expect(portRefusal('3/11/0')).toEqual({ protocol: 'iscsi', sense: { key: 3, asc: 0x11, ascq: 0 } });
    const add = (fault: object) => () => board.add({ at: 'port', ...fault } as z.input<typeof schema>);
    for (const code of ['OK', 'EIO', '10/00/00', '', 'toString'])
      expect(add({ action: { kind: 'refuse', code } })).toThrow('is no NFS status');
    expect(add({ protocol: 'nfs', action: { kind: 'refuse', code: 'BUSY' } })).toThrow('a refusal of iscsi');
    expect(add({ method: 'login', action: { kind: 'hang' } })).toThrow('LOGIN');
    expect(board.list()).toEqual([]);
  });

  it('cuts off at once, for its time, and lists how long yet', async () => {
    const id = board.add({ at: 'now', action: { kind: 'down', forMs: 1_000, port: 'p1' } });
    await clock.advance(100);
    expect(board.list()).toMatchObject([{ id, calls: 1, hits: 1, downForMs: 900 }]);
    await clock.advance(900);
    expect(seen).toEqual([
      ['p1', false],
      ['p1', true],
    ]);
    expect(board.list()[0]).not.toHaveProperty('downForMs');
  });

  it('cuts off at a call, when the connection is cut; clearing brings back', async () => {
    board.add({ at: 'rest', nth: 2, times: 1, action: { kind: 'down', forMs: 60_000, when: 'after' } });
    board.add({ at: 'port', times: 1, action: { kind: 'down', forMs: 60_000 } });
    expect(board.rest('GET', '/')).toBeUndefined();
    const cut = board.rest('GET', '/');
    expect(cut).toMatchObject({ kind: 'cut', when: 'after' });
    expect(seen).toEqual([]);
    if (cut?.kind === 'cut') cut.begin?.();
    const port = board.port({ port: 'p2', protocol: 'nfs', method: 'READ', path: () => '/' });
    if (port?.kind === 'cut') port.begin?.();
    await clock.advance(1);
    expect(seen).toEqual([
      [undefined, false],
      ['p2', false],
    ]);
    await board.remove(1);
    expect(seen.at(-1)).toEqual([undefined, true]);
    await board.clear();
    expect(seen.at(-1)).toEqual(['p2', true]);
  });
});
