import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asLeewardError, isError, isPermanent, LeewardError, reportOf } from './leeward-error.ts';

describe('LeewardError', () => {
  it('shows its code and its text, filled in', () => {
    const cause = new Error('deep');
    const error = new LeewardError('L-RUN-101', { wait: 'the transfer', timeoutMs: 500 }, cause);
    expect(error.message).toBe('L-RUN-101 Waiting for the transfer took longer than the bound of 500 ms.');
    expect(error).toMatchObject({ name: 'LeewardError', code: 'L-RUN-101', cause });
  });

  it('says "unknown" for a detail that was not given', () => {
    expect(new LeewardError('L-RUN-101', { wait: undefined }).message).toContain('Waiting for unknown took');
  });

  it('fills details in as they are, also ones that look like placeholders or patterns', () => {
    fc.assert(
      fc.property(fc.string(), (message) => {
        expect(new LeewardError('L-RUN-103', { message }).message).toContain(message);
      }),
    );
    const tricky = '{message} $& $1 {constructor}';
    expect(reportOf(new LeewardError('L-RUN-103', { message: tricky })).what).toContain(tricky);
  });
});

describe('reportOf', () => {
  it('has the three texts and the details, and nothing of the cause', () => {
    const error = new LeewardError('L-RUN-101', { wait: 'x', timeoutMs: 1 }, new Error('password=secret'));
    const report = reportOf(error);
    expect(Object.keys(report)).toEqual(['code', 'severity', 'what', 'data', 'next', 'details']);
    expect(JSON.stringify(report)).not.toContain('secret');
  });

  it('reports whatever was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(reportOf(throwable(thrown)).code).toMatch(/^L-/);
      }),
    );
  });
});

describe('asLeewardError, isPermanent, isError', () => {
  it('keeps errors of the catalogue and wraps others with their cause', () => {
    const known = new LeewardError('L-RUN-102');
    expect(asLeewardError(known)).toBe(known);
    const foreign = new Error('socket hang up');
    expect(asLeewardError(foreign)).toMatchObject({ code: 'L-RUN-103', cause: foreign });
    expect(asLeewardError('text').message).toContain('text');
  });

  it('takes permanence from the catalogue only', () => {
    expect(isPermanent(new LeewardError('L-RUN-102'))).toBe(true);
    expect(isPermanent(new LeewardError('L-RUN-101'))).toBe(false);
    expect(isPermanent(new Error('ENOENT'))).toBe(false);
    expect(isPermanent({ code: 'L-RUN-102' })).toBe(false);
  });

  it('tells codes apart', () => {
    expect(isError(new LeewardError('L-RUN-101'), 'L-RUN-101')).toBe(true);
    expect(isError(new LeewardError('L-RUN-102'), 'L-RUN-101')).toBe(false);
    expect(isError(undefined, 'L-RUN-101')).toBe(false);
  });
});

/** What JavaScript can throw and still be turned into text; objects without a prototype cannot. */
function throwable(thrown: unknown): unknown {
  try {
    String(thrown);
    return thrown;
  } catch {
    return null;
  }
}
