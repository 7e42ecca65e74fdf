import { describe, expect, it } from 'vitest';
import { type Partner, troublesOf } from './partners.ts';

const partner = (part: Partial<Partner>): Partner => ({
  id: '1',
  name: 'grp-dr',
  paused: false,
  is_alive: true,
  cfg_sync_status: 'Yes',
  ...part,
});

describe('what is wrong with a replication partner', () => {
  it.each<[string, Partial<Partner>, string[]]>([
    // Reasons that are left from an earlier trouble count for nothing.
    ['all is well', { last_keepalive_error: 'timed out', last_sync_error: 'no such pool' }, []],
    ['it says nothing', { paused: null, is_alive: null, cfg_sync_status: null }, []],
    ['it is paused', { paused: true }, ['the replication partner grp-dr is paused']],
    ['it does not answer', { is_alive: false }, ['the replication partner grp-dr does not answer']],
    [
      'it does not answer, with a reason',
      { is_alive: false, last_keepalive_error: 'timed out', last_sync_error: 'no such pool' },
      ['the replication partner grp-dr does not answer: timed out'],
    ],
    [
      'its configuration is another',
      { cfg_sync_status: 'No', last_sync_error: '' },
      ['the configuration is not yet the same on the partner grp-dr'],
    ],
    [
      'its configuration is another, with a reason',
      { cfg_sync_status: 'No', last_sync_error: 'no such pool', last_keepalive_error: 'timed out' },
      ['the configuration is not yet the same on the partner grp-dr: no such pool'],
    ],
    [
      'everything at once',
      { paused: true, is_alive: false, cfg_sync_status: 'No' },
      [
        'the replication partner grp-dr is paused',
        'the replication partner grp-dr does not answer',
        'the configuration is not yet the same on the partner grp-dr',
      ],
    ],
  ])('when %s', (_, part, expected) => {
    expect(troublesOf(partner(part))).toEqual(expected);
  });
});
