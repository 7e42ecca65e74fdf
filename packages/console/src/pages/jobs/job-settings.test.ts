import { type Job, jobDefaults } from '@leeward/core';
import { expect, it } from 'vitest';
import { draftOf, editBody, editCommand, isReady } from './edit-draft.ts';
import { jobSettings, settingsFlags, settingTexts } from './job-settings.ts';

const job: Job = {
  ...jobDefaults,
  ...{ id: 'j', name: 'nightly', vms: ['/DC/vm/a', '/DC/vm/b'], repositoryId: 'r', keepPoints: 30 },
  ...{ vmwareSnapshotBudgetMs: 45_000, primaryKeep: 3, preferredArrays: ['b'] },
};
const plain = (text: string) => text;
const { settings } = draftOf(job);

it('shows settings in the units that people think in, and sends them back as they were', () => {
  expect(settings).toMatchObject({
    ...{ keepPoints: '30', vmwareSnapshotBudgetMs: '45', transferTimeoutMs: '360', cbtSampleFraction: '0.5' },
    ...{ standardMaxSnapshotMs: '12', preScript: '', maxRelationLagMs: '' },
  });
  expect(editBody(draftOf(job), job)).toEqual({
    ...{ name: 'nightly', vms: job.vms, relationRule: 'healthiest', quiesce: 'off', preferredArrays: ['b'] },
    ...{
      failoverToPrimary: false,
      finishOnPrimary: false,
      failoverToStandard: false,
      failOnDowngrade: false,
    },
  });
  expect(editCommand(draftOf(job), job, plain)).toBe('leeward job edit nightly');
});

it('sends what was changed in the units of the API, and shows the command for it', () => {
  const draft = {
    ...draftOf(job),
    ...{ name: 'weekly', vms: '/DC/vm/a\n', preferredArrays: '', finishOnPrimary: true },
    quiesce: 'require',
    settings: { ...settings, cbtSampleFraction: '2.5', scriptTimeoutMs: '5', preScript: '/bin/true' },
  } as const;
  expect(editBody(draft, job)).toMatchObject({
    ...{ name: 'weekly', vms: ['/DC/vm/a'], preferredArrays: null, finishOnPrimary: true },
    ...{ cbtSampleFraction: 0.025, scriptTimeoutMs: 300_000, preScript: '/bin/true' },
  });
  expect(editCommand(draft, job, plain)).toBe(
    'leeward job edit nightly --name weekly --vm /DC/vm/a --no-prefer-array --finish-on-primary --quiesce require --cbt-sample 2.5 --pre-script /bin/true --script-timeout 5',
  );
});

it('takes back what can be taken back, and no more', () => {
  const draft = { ...draftOf(job), settings: { ...settings, vmwareSnapshotBudgetMs: '', primaryKeep: '' } };
  expect(isReady(draft, job)).toBe(true);
  expect(editBody(draft, job)).toMatchObject({ vmwareSnapshotBudgetMs: null, primaryKeep: null });
  expect(editCommand(draft, job, plain)).toBe(
    'leeward job edit nightly --no-primary-chain --no-vmware-snapshot-budget',
  );
  const all = { ...draftOf(job), settings: { ...settings, keepPoints: '' } };
  expect(isReady(all, job)).toBe(true);
  expect(editBody(all, job)).toMatchObject({ keepPoints: null });
  expect(editCommand(all, job, plain)).toBe('leeward job edit nightly --no-keep-points');
  const bound = { ...job, relation: 'site-b' };
  const free = { ...draftOf(bound), relation: '' };
  expect([isReady(free, bound), editCommand(free, bound, plain)]).toEqual([
    true,
    'leeward job edit nightly --no-relation',
  ]);
  expect(editBody(free, bound)).toMatchObject({ relation: null });
  expect(isReady({ ...draft, settings: { ...settings, transferTimeoutMs: '' } }, job)).toBe(false);
  expect(isReady({ ...draft, vms: ' \n' }, job)).toBe(false);
  expect(isReady({ ...draftOf(job), settings: { ...settings, preScript: 'relative' } }, job)).toBe(false);
});

it('shows no command where there is none for the change', () => {
  const days = settingTexts({ secondaryKeepDays: 7 });
  expect(settingsFlags({ ...days, secondaryKeepDays: '' }, days, plain)).toBeUndefined();
  expect(jobSettings.every(({ label, option }) => label !== '' && option !== '')).toBe(true);
});
