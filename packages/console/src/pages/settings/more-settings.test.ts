import { expect, it } from 'vitest';
import type { Settings } from '../../api/work.ts';
import { draftOf, settingsBody } from './more-settings.ts';

it('sends settings back as they were, with nothing for what is not set', () => {
  const settings = {
    reports: { dailyAt: '08:00', timeZone: 'Europe/Berlin' },
    audit: { keepDays: null },
    monitoring: { vmLateAfterHours: 26, otlpEndpoint: null },
    console: { publicUrl: null },
    serverBackup: { repository: null, everyHours: 24, keep: 14 },
  } as unknown as Settings;
  expect(settingsBody(draftOf(settings))).toEqual(settings);
  const typed = { ...draftOf(settings), keepDays: '365', repository: 'backups', otlpEndpoint: 'http://x' };
  expect(settingsBody(typed)).toMatchObject({
    ...{ audit: { keepDays: 365 }, serverBackup: { repository: 'backups' } },
    monitoring: { otlpEndpoint: 'http://x' },
  });
});
