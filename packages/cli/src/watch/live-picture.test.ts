import { LeewardError, reportOf } from '@leeward/core';
import type { RunView } from '@leeward/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../output/display-width.ts';
import type { Style } from '../output/output.ts';
import { FakeTerminal } from '../testing/fake-terminal.ts';
import { at, partlyView, step } from '../testing/run-views.ts';
import { LivePicture } from './live-picture.ts';
import { pictureOf } from './run-picture.ts';
import { withoutStyles } from './styled-line.ts';

const colour = (_style: Style, text: string) => `\x1b[31m${text}\x1b[0m`;

/** A run with more steps than fit on a line, a bar, a long name and a long problem. */
function longView(steps: number): RunView {
  const view = partlyView();
  const { endedAt: _, ...run } = view.run;
  return {
    ...view,
    run: { ...run, state: 'running' },
    vms: view.vms.map((vm) => ({ ...vm, name: `${vm.name} 仮想サーバ with a name that is rather long` })),
    steps: Array.from({ length: steps }, (__, number) =>
      step('vc/vm-1', `step-${number}`, number, number === steps - 1 ? undefined : number + 1),
    ),
    events: [
      { vmKey: '', at: at(7), report: reportOf(new LeewardError('L-RUN-110', { vm: 'x'.repeat(90) })) },
    ],
    progress: { a: { phase: 'read', vm: 'web-01', bytesRead: 24 * 2 ** 20, bytesToRead: 48 * 2 ** 20 } },
  };
}

const lineOf = (view: RunView, columns: number) =>
  pictureOf(view, { nowMs: Date.parse(at(30)), columns, paint: colour });

describe.each([80, 120, 33])('on a terminal of %i columns', (columns) => {
  it('no line is wider than it, and no step is cut off', () => {
    const terminal = new FakeTerminal(columns, 50);
    const picture = new LivePicture(terminal);
    for (const steps of [1, 5, 9, 14]) picture.draw(lineOf(longView(steps), picture.columns));
    for (const line of terminal.screen()) expect(displayWidth(line)).toBeLessThan(columns);
    for (let number = 0; number < 14; number++)
      expect(terminal.screen().join('\n')).toContain(`step-${number} `);
  });

  it('each picture takes the place of the one before, and the last one stays', () => {
    const terminal = new FakeTerminal(columns, 50);
    terminal.write('$ leeward job run nightly\n');
    const picture = new LivePicture(terminal);
    for (const steps of [12, 3, 14]) picture.draw(lineOf(longView(steps), picture.columns));
    const last = lineOf(partlyView(), picture.columns);
    picture.finish(last);
    terminal.write('run r1 of nightly: partly\n');
    const shown = terminal.screen();
    expect(shown[0]).toBe('$ leeward job run nightly');
    expect(shown[1]).toMatch(/^nightly {2}partly {2}2 of 2 VMs/);
    expect(shown).toHaveLength(last.length + 2);
    expect(shown.at(-1)).toBe('run r1 of nightly: partly');
  });
});

it('redraws in one write that wipes nothing first', () => {
  const terminal = new FakeTerminal(80, 24);
  const picture = new LivePicture(terminal);
  picture.draw(['one', 'two']);
  terminal.writes.length = 0;
  picture.draw(['one', 'three']);
  expect(terminal.writes).toEqual(['\r\x1b[2Aone\x1b[K\nthree\x1b[K\n\x1b[J']);
});

it('is cut to the height of the terminal while it moves, and whole at the end', () => {
  const terminal = new FakeTerminal(80, 10);
  const picture = new LivePicture(terminal);
  const lines = Array.from({ length: 30 }, (_, line) => `line ${line}`);
  terminal.write('before\n');
  for (let draws = 0; draws < 3; draws++) picture.draw(lines);
  expect(terminal.screen()).toEqual(['before', ...lines.slice(0, 8), '…']);
  picture.finish(lines);
  expect(terminal.screen()).toEqual(['before', ...lines]);
});

it('leaves no remains when the terminal was made narrower', () => {
  const terminal = new FakeTerminal(80, 24);
  const picture = new LivePicture(terminal);
  picture.draw(['a'.repeat(70), 'b']);
  terminal.resize(40);
  picture.draw(['c', 'd']);
  expect(terminal.screen()).toEqual(['c', 'd']);
});

it('leaves the picture and takes away what the terminal echoed when the user ends the watching', () => {
  const terminal = new FakeTerminal(80, 24);
  const picture = new LivePicture(terminal);
  picture.draw(['one', 'two']);
  terminal.write('^C');
  picture.leave();
  terminal.write('run r1 goes on\n');
  expect(terminal.screen()).toEqual(['one', 'two', 'run r1 goes on']);
});

it('shows what it was given last, whatever it showed before', () => {
  const line = fc
    .string({ unit: 'grapheme', maxLength: 60, size: 'max' })
    .map((text) => text.replace(/\p{C}/gu, '?'));
  const lines = fc.array(line, { maxLength: 6 });
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 50 }), fc.array(lines, { minLength: 1 }), (columns, pictures) => {
      const terminal = new FakeTerminal(columns, 24);
      const picture = new LivePicture(terminal);
      for (const each of pictures) picture.draw(each);
      const shown = terminal.screen();
      expect(shown).toHaveLength(pictures.at(-1)?.length ?? 0);
      for (const each of shown) expect(displayWidth(withoutStyles(each))).toBeLessThan(columns);
    }),
  );
});
