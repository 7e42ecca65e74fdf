import { describe, expect, it } from 'vitest';
import { type FaultOptions, faultRequest } from './lab-fault-request.ts';

const ask = (options: Partial<FaultOptions>) => faultRequest({ nth: 1, times: 1, ...options });

describe('what the options of `lab fault add` ask for', () => {
  it.each<[Partial<FaultOptions>, string]>([
    [{ method: 'POST', path: '/api/x', refuse: true }, 'call'],
    [{ refuse: true }, 'call'],
    [{ method: 'POST', job: true, refuse: true }, 'job'],
    [{ step: 'replication', path: 'vc1/*', fail: true }, 'step'],
    [{ path: '/folder/*', cut: 'after' }, 'file'],
    [{ port: '127.0.0.1', method: 'READ', delay: 5 }, 'port'],
    [{ port: 'any', hang: true }, 'port'],
    [{ down: 1_000 }, 'now'],
    [{ down: 1_000, port: '127.0.0.1' }, 'now'],
    [{ down: 1_000, port: '127.0.0.1', method: 'READ' }, 'port'],
    [{ down: 1_000, method: 'GET' }, 'call'],
  ])('%j waits at a %s', (options, place) => {
    expect(ask(options).place).toBe(place);
  });

  it('keeps what the deed needs, codes as numbers where they are', () => {
    expect(ask({ refuse: true, status: 503, code: '42', message: 'later' }).deed).toEqual({
      ...{ kind: 'refuse', status: 503, code: 42, message: 'later' },
    });
    expect(ask({ port: 'any', refuse: true, code: '03/11/00' })).toMatchObject({
      port: undefined,
      deed: { code: '03/11/00' },
    });
    expect(ask({ hang: true, times: 'all', nth: 3 })).toMatchObject({ times: undefined, nth: 3 });
    expect(ask({ step: 's', fail: true }).deed).toMatchObject({ kind: 'fail', atPercent: 0 });
  });

  it.each<[Partial<FaultOptions>, RegExp]>([
    [{}, /give one of/],
    [{ refuse: true, hang: true }, /give one of/],
    [{ delay: 5, code: '3' }, /--delay has no use for --code/],
    [{ cut: 'after', when: 'after' }, /--cut has no use for --when/],
    [{ refuse: true, atPercent: 5 }, /--refuse has no use for --at-percent/],
    [{ down: 5, nth: 2 }, /at once/],
    [{ down: 5, times: 'all' }, /at once/],
    [{ fail: true }, /--fail goes with --step/],
    [{ hang: true, atPercent: 10 }, /--at-percent goes with --step/],
    [{ job: true, cut: 'before' }, /--job goes with/],
    [{ job: true, step: 's', refuse: true }, /--job goes with --method/],
    [{ step: 's', port: 'any', hang: true }, /do not go together/],
    [{ path: '/folder/*', refuse: true, code: 'x' }, /with --status/],
    [{ port: 'any', refuse: true }, /with --code alone/],
    [{ port: 'any', refuse: true, code: 'IO', status: 500 }, /with --code alone/],
    [{ step: 's', vm: 'web-01', hang: true }, /--vm goes with/],
  ])('%j is refused', (options, problem) => {
    expect(() => ask(options)).toThrow(expect.objectContaining({ message: expect.stringMatching(problem) }));
  });
});
