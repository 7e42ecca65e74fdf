import { describe, expect, it } from 'vitest';
import { progressText } from './progress-text.ts';
import { cutStyledLine } from './styled-line.ts';

const mib = 1024 ** 2;

describe('progressText', () => {
  it('draws a bar where the total is known, and the bytes so far where it is not', () => {
    const lines = progressText({
      a: { phase: 'read', vm: 'web-01', bytesRead: 24 * mib, bytesToRead: 48 * mib },
      b: { phase: 'transfer', volume: 'vm_ds1', to: 'ontap-b', bytesTransferred: 3 * mib },
      c: { phase: 'restore', bytesWritten: 0, bytesTotal: 0 },
    });
    expect(lines).toEqual([
      'read web-01  ████████████░░░░░░░░░░░░ 50 %  24.0 MiB of 48.0 MiB',
      'transfer vm_ds1 to ontap-b  3.00 MiB',
      'restore  0 B',
    ]);
  });

  it('is never more than full, and silent about what it does not know', () => {
    const [line] = progressText({ a: { phase: 'read', bytesRead: 9, bytesToRead: 3 } });
    expect(line).toContain(' 100 % ');
    expect(progressText({ a: null, b: 'text', c: { phase: 'read' }, d: { bytesRead: 3 } })).toEqual([]);
  });
});

describe('cutStyledLine', () => {
  it('counts columns, not colours, and ends a colour that it cuts', () => {
    const line = '\x1b[31mabcdef\x1b[0m ghi';
    expect(cutStyledLine(line, 10)).toBe(line);
    expect(cutStyledLine(line, 5)).toBe('\x1b[31mabcd…\x1b[0m');
    expect(cutStyledLine('仮想サーバ', 6)).toBe('仮想…');
  });
});
