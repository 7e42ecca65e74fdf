import type { Services } from '@leeward/engine';
import { settings as answer } from './answers/settings-answer.ts';
import type { Api } from './api.ts';
import { editSettings } from './inputs.ts';
import { about } from './route-about.ts';

/** Settings of the whole installation. */
export function settingsRoutes(api: Api, { settings }: Services): void {
  api.get('/settings', about('viewer', 'settings', 'Settings of the installation', answer), () =>
    settings.show(),
  );
  api.patch(
    '/settings',
    about('administrator', 'settings', 'Change what is given of the settings', answer, {
      body: editSettings,
    }),
    ({ body }) => settings.edit(body),
  );
}
