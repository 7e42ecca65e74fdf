import { LeewardError } from '@leeward/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Output } from './output.ts';

let out = '';
let err = '';
beforeEach(() => {
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const locked = new LeewardError('L-RUN-104', { job: 'nightly', run: 'r1' });

describe('with json', () => {
  it('writes one JSON document on stdout, and errors as one line of JSON on stderr', () => {
    const output = new Output(true);
    output.rows([{ a: 1 }], { A: ({ a }) => String(a) }, 'none');
    expect(JSON.parse(out)).toEqual([{ a: 1 }]);
    output.error(locked);
    expect(JSON.parse(err)).toMatchObject({ type: 'error', code: 'L-RUN-104', details: { run: 'r1' } });
  });

  it('writes an empty list as an empty list', () => {
    new Output(true).rows([], {}, 'No job yet');
    expect(JSON.parse(out)).toEqual([]);
  });
});

describe('a list page by page', () => {
  const rows = [{ a: 1 }, { a: 22 }, { a: 3 }];
  const columns = { A: ({ a }: { readonly a: number }) => String(a) };
  async function* pages(size: number) {
    for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
  }
  it.each([true, false])('is written as it would be at once, with json %s', async (json) => {
    new Output(json).rows(rows, columns, 'none');
    const atOnce = out;
    for (const size of [1, 2, 3]) {
      out = '';
      await new Output(json).stream(pages(size), columns, 'none');
      expect(out.replace(/ +$/gm, '')).toBe(atOnce);
    }
  });

  it('ends with as many as were wanted, and says so when there is none', async () => {
    await new Output(true).stream(pages(2), columns, 'none', 1);
    expect(JSON.parse(out)).toEqual([{ a: 1 }]);
    out = '';
    await new Output(true).stream(pages(9), columns, 'none', 0);
    await new Output(false).stream((async function* () {})(), columns, 'No run yet');
    expect(out).toBe('[]\nNo run yet\n');
  });
});

describe('as text', () => {
  it('says code, what happened, what it means for the data and what to do next', () => {
    new Output(false).error(locked);
    expect(err.trimEnd().split('\n')).toEqual([
      'L-RUN-104 Job "nightly" is running already (run r1).',
      '  data  Nothing was changed; the run that is under way goes on.',
      '  next  Wait for it with `leeward run watch r1`, or cancel it.',
    ]);
    expect(out).toBe('');
  });

  it('says the same of a server that is gone, with its code, and reports what is unknown as a defect', () => {
    new Output(false).error(new LeewardError('L-CFG-107'));
    expect(err).toMatch(/^L-CFG-107 The server stopped, .+\n {2}data {2}/);
    err = '';
    new Output(false).error(new Error('boom'));
    expect(err).toContain('L-RUN-103 An unexpected fault stopped the step: boom');
  });

  it('lets no control character of a name through', () => {
    new Output(false).result({}, () => 'vm \x1b]0;title\x07\nnext');
    expect(out).toBe('vm ?]0;title?\nnext\n');
  });
});

describe('colour', () => {
  const terminal = { isTTY: true };
  it.each([
    [{}, terminal, true],
    [{ NO_COLOR: '1' }, terminal, false],
    [{ NO_COLOR: '' }, terminal, true],
    [{ TERM: 'dumb' }, terminal, false],
    [{}, {}, false],
  ])('environment %j, stream %j: %s', (environment, stream, coloured) => {
    const text = new Output(false, environment).style('red', 'x', stream);
    expect(text).toBe(coloured ? '\x1b[31mx\x1b[0m' : 'x');
  });
});
