import { LeewardError, reportOf } from '@leeward/core';
import { expect, it } from 'vitest';
import { ownEvents } from './own-events.ts';

const event = (error: LeewardError) => ({
  vmKey: 'vc/vm-1',
  at: '2026-11-26T10:00:00.000Z',
  report: reportOf(error),
});

it('events for who is limited to jobs name no runs of others', () => {
  const place = 'the datastore ds1';
  const waits = event(new LeewardError('L-RUN-150', { place, holders: 'runs 20261126-b, 20261126-c' }));
  const other = event(new LeewardError('L-RUN-110', { vm: 'web-01' }));
  const seen = ownEvents([waits, other]);
  expect(seen[1]).toEqual(other);
  expect(JSON.stringify(seen)).not.toContain('20261126');
  expect(seen[0]?.report).toMatchObject({ code: 'L-RUN-150', details: { place, holders: 'others' } });
  expect(seen[0]?.report.what).toContain('ds1');
});
