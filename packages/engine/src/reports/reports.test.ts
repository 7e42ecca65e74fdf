import { LeewardError, reportOf } from '@leeward/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConsoleLinks } from './console-links.ts';
import { lastWindow, windowOf } from './daily-window.ts';
import { escaped, html } from './html.ts';
import { type ProtectionReport, protectionCsv } from './protection-report.ts';
import { type RunFacts, runReport } from './run-report.ts';
import { runReportHtml } from './run-report-html.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 26, 22, minute)).toISOString();
const hostile = '<img src=x onerror="alert(1)">&\'\u0000';

const facts: RunFacts = {
  run: {
    ...{ id: 'r1', jobId: 'j', kind: 'backup', state: 'partly', startedAt: at(0), endedAt: at(30) },
    startedBy: { kind: 'schedule', name: '', dueAt: at(0) },
  },
  jobName: hostile,
  vms: [
    {
      ...{ runId: 'r1', vmKey: 'a', name: 'web', state: 'success' },
      facts: {
        ...{ source: 'secondary', kind: 'full', pointId: 'p' },
        vmwareSnapshot: { name: 's', createdAt: at(1), removedAt: at(2) },
        bytes: { provisioned: 4096, changed: 2048, read: 2048, stored: 1024 },
        stageTimes: { sourceMs: 72, proxyMs: 20, repositoryMs: 8 },
      },
    },
    {
      ...{ runId: 'r1', vmKey: 'b', name: hostile, state: 'failed', facts: { source: 'primary' } },
      problem: reportOf(new LeewardError('L-RUN-108', { vm: hostile })),
    },
  ],
  steps: [
    { scope: 'a', name: 'freeze', startedAt: at(1), endedAt: at(2), detail: {} },
    { scope: 'a', name: 'read', startedAt: at(3), endedAt: at(9), detail: {} },
    { scope: '', name: 'plan', startedAt: at(0), endedAt: at(1), detail: {} },
  ],
  events: [
    { vmKey: 'a', at: at(4), report: reportOf(new LeewardError('L-RUN-110', { vm: 'web' })) },
    {
      vmKey: '',
      at: at(5),
      report: reportOf(new LeewardError('L-SCH-101', { job: 'j', due: at(5), run: 'r1' })),
    },
  ],
  kept: [
    {
      ...{ id: 'l', runId: 'r1', jobId: 'j', kind: 'storage-snapshot', systemId: 'arr', name: 'leeward-1' },
      ...{ state: 'kept', createdAt: at(3) },
      detail: { volume: { arraySerial: 's', objectId: 'o' }, volumeName: 'vol1', role: 'long-term' },
    },
  ],
  open: 0,
  arrays: new Map([['arr', 'array-b']]),
  links: [],
};

describe('the report of a run', () => {
  it('has times, sources, bytes, lives of VMware snapshots and what stays on arrays', () => {
    const report = runReport(facts);
    expect(report).toMatchObject({
      ...{ durationMs: 1_800_000, longestVmwareSnapshotMs: 60_000, state: 'partly' },
      counts: { total: 2, success: 1, warning: 1, failed: 1 },
      sources: { secondary: 1, primary: 1, standard: 0 },
      bytes: { provisioned: 4096, changed: 2048, read: 2048, stored: 1024 },
      stageTimes: { sourceMs: 72, proxyMs: 20, repositoryMs: 8 },
      storageSnapshots: [{ name: 'leeward-1', arrayName: 'array-b', volumeName: 'vol1', role: 'long-term' }],
      warnings: [{ code: 'L-SCH-101' }],
    });
    expect(report.vms[0]).toMatchObject({ startedAt: at(1), endedAt: at(9), durationMs: 480_000 });
    expect(report.vms[1]).toMatchObject({ state: 'failed', problem: { code: 'L-RUN-108' } });
  });

  it('leads into the console where its address is known, and tells of what it is the retry', () => {
    const pages = new ConsoleLinks('https://backup.example:8443');
    const links = [...pages.run('a"b'), ...pages.job('j')];
    const retry = { ...facts.run, retryOf: 'r0' };
    const page = runReportHtml(runReport({ ...facts, run: retry, links }));
    expect(page).toContain('href="https://backup.example:8443/runs/a%22b"');
    expect(page).toContain('href="https://backup.example:8443/jobs/j"');
    expect(page).toContain('run r0');
    expect(new ConsoleLinks(null).run('r')).toEqual([]);
    expect(runReportHtml(runReport(facts))).not.toContain('<a ');
  });

  it('as a page loads and runs nothing, and names from foreign systems stay text', () => {
    const page = runReportHtml(runReport(facts));
    expect(page).not.toMatch(/<(?:img|script|link|iframe|object|form|input)\b/i);
    expect(page.replace(/&lt;.*?&gt;/gs, '')).not.toMatch(/<[^>]*\son\w+=/i);
    expect(page).not.toContain('\u0000');

    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;?');
    for (const part of ['L-RUN-108', 'L-RUN-110', 'What to do:', 'leeward-1', 'its schedule', '1 m 00 s'])
      expect(page).toContain(part);
    expect(page.split('secondary array 72 % (proxy 20 %, repository 8 %)')).toHaveLength(3);
  });
});

it('HTML escapes whatever is put in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60, size: 'max' }), (text) => {
      const inner = escaped(text);
      expect(inner).not.toMatch(/[<>"']/);
      expect(html`<b title="${text}">${[text, html`<i>`]}</b>`.text).toBe(
        `<b title="${inner}">${inner}<i></b>`,
      );
    }),
    { numRuns: 30 },
  );
});

describe('CSV', () => {
  const report = (name: string): ProtectionReport => ({
    ...{ at: at(0), withinHours: 26, counts: { total: 1, inTime: 1, late: 0, never: 0 } },
    vms: [
      {
        ...{
          name,
          path: '/dc/web',
          vcenterName: 'vc',
          protection: 'in-time',
          jobs: ['a', 'b'],
          source: 'secondary',
        },
        points: [{ repositoryName: 'r', count: 3, newestAt: at(1) }],
        storageSnapshots: [
          { arrayName: 'x', count: 1, newestAt: at(2) },
          { arrayName: 'y', count: 7, newestAt: at(1) },
        ],
      },
    ],
  });

  it('is a line a VM', () => {
    expect(protectionCsv(report('web')).split('\r\n')[1]).toBe(
      `web,/dc/web,vc,in-time,a b,3,${at(1)},secondary,8,${at(2)}`,
    );
  });

  it.each([
    ['=cmd|x', "'=cmd|x,"],
    ['a,b', '"a,b",'],
    ['a"b\n', '"a""b\n",'],
    ['-1', "'-1,"],
  ])('%j is no formula and no other field', (name, field) => {
    expect(protectionCsv(report(name)).split('\r\n').slice(1).join('\r\n').startsWith(field)).toBe(true);
  });
});

describe('the time of a daily report', () => {
  const settings = { dailyAt: '08:00', timeZone: 'Europe/Berlin' };
  const seen = (window: ReturnType<typeof lastWindow>) =>
    window && [window.date, new Date(window.fromMs).toISOString(), new Date(window.untilMs).toISOString()];

  it('is the 24 hours before, in its time zone', () => {
    const expected = ['2026-11-26', '2026-11-25T07:00:00.000Z', '2026-11-26T07:00:00.000Z'];
    expect(seen(lastWindow(settings, Date.parse('2026-11-26T20:00:00Z')))).toEqual(expected);
    expect(seen(lastWindow(settings, Date.parse('2026-11-27T06:59:59Z')))).toEqual(expected);
    expect(seen(windowOf(settings, '2026-11-26'))).toEqual(expected);
    expect(windowOf(settings, '2026-13-45')).toBeUndefined();
  });

  it('is 23 or 25 hours where clocks change', () => {
    const hours = (date: string) => {
      const window = windowOf(settings, date);
      return window && (window.untilMs - window.fromMs) / 3_600_000;
    };
    expect([hours('2027-03-28'), hours('2026-10-25'), hours('2026-10-26')]).toEqual([23, 25, 24]);
  });

  it('is of the day in zones far from UTC too', () => {
    for (const timeZone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC'])
      expect(windowOf({ dailyAt: '23:30', timeZone }, '2026-11-26')?.date).toBe('2026-11-26');
  });
});
