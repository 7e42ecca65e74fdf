import { describe, expect, it } from 'vitest';
import { jobBody, jobCommand, missing, newDraft, noRepository, sentences } from './job-draft.ts';

const draft = { ...newDraft, name: 'nightly', vms: ['/DC1/vm/web-01'], repository: 'backups' };
const plain = (text: string) => text;

describe('a job from the wizard', () => {
  it('says only what was filled in', () => {
    expect(jobBody(draft)).toEqual({
      ...{ name: 'nightly', vms: ['/DC1/vm/web-01'], repository: 'backups', secondaryKeep: 7 },
      ...{ failoverToPrimary: false, failoverToStandard: false, failOnDowngrade: false, quiesce: 'off' },
    });
    expect(jobCommand(draft, plain)).toBe(
      'leeward job create nightly --repository backups --vm /DC1/vm/web-01 --secondary-keep 7',
    );
  });

  it('falls to the standard way only by way of the primary', () => {
    const far = { ...draft, fallback: 'standard', relation: 'b/vol' } as const;
    expect(jobBody(far)).toMatchObject({
      ...{ failoverToPrimary: true, failoverToStandard: true, relation: 'b/vol' },
    });
    expect(jobCommand(far, plain)).toContain('--relation b/vol --failover-to-primary --failover-to-standard');
  });

  it('knows what is missing', () => {
    expect(missing(newDraft)).toEqual({ name: true, vms: true, keep: true });
    expect(missing(draft)).toEqual({ name: false, vms: false, keep: false });
  });

  it('reads as sentences', () => {
    const settings = { ...draft.settings, secondaryLockDays: '14', secondaryKeepDays: '30', preScript: '/a' };
    const set = { ...draft, settings, finishOnPrimary: true };
    expect(sentences(set)).toContain(
      'The secondary keeps 7 storage snapshots and those that are not older than 30 days, each locked for 14 days.',
    );
    expect(sentences(set)).toContain('The primary keeps only the base of the next transfer.');
    expect(sentences(set).join(' ')).toContain('/a is run before anything is made');
    expect(jobBody(set)).toMatchObject({ secondaryKeepDays: 30, preScript: '/a', finishOnPrimary: true });
    expect(jobCommand(set, plain)).toContain(
      '--finish-on-primary --secondary-keep 7 --secondary-keep-days 30',
    );
  });

  it('may have no repository', () => {
    const alone = { ...draft, repository: noRepository };
    expect(jobBody(alone)).toMatchObject({ snapshotOnly: true });
    expect(jobBody(alone)).not.toHaveProperty('repository');
    expect(jobCommand(alone, plain)).toContain('leeward job create nightly --snapshot-only --vm');
    expect(sentences(alone).join(' ')).not.toContain('repository');
  });
});
