import fc from 'fast-check';
import { expect, it } from 'vitest';
import { proxySettingsSchema } from '../store/proxies.ts';
import { initiatorNameOf } from './initiator-name.ts';

const settings = { addresses: ['192.0.2.5'], slots: 2 };

it('derives the name from the id, in lower case', () => {
  expect(initiatorNameOf({ id: 'local', settings })).toBe('iqn.2026-11.io.leeward:local');
  expect(initiatorNameOf({ id: '5F0C-Site.B', settings })).toBe('iqn.2026-11.io.leeward:5f0c-site.b');
});

it('takes the name of the settings where there is one', () => {
  const initiatorName = 'iqn.1994-05.com.example:backup';
  expect(initiatorNameOf({ id: 'local', settings: { ...settings, initiatorName } })).toBe(initiatorName);
});

it('keeps ids apart that differ only in what a name may not have', () => {
  const names = ['a b', 'a_b', 'a/b', 'a-b', ''].map((id) => initiatorNameOf({ id, settings }));
  expect(new Set(names).size).toBe(names.length);
});

it('gives names that are allowed, whatever the id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200, size: 'max' }), (id) => {
      const initiatorName = initiatorNameOf({ id, settings });
      expect(initiatorName).toMatch(/^iqn\.2026-11\.io\.leeward:[a-z0-9.:-]+$/);
      expect(initiatorName.length).toBeLessThanOrEqual(223);
      expect(proxySettingsSchema.safeParse({ ...settings, initiatorName }).success).toBe(true);
    }),
  );
});

it.each(['proxy-1', 'iqn.2026-11.io leeward:x', 'iqn.2026-11.', `iqn.2026-11.${'x'.repeat(220)}`])(
  'does not take %j as a name in settings',
  (initiatorName) => {
    expect(proxySettingsSchema.safeParse({ ...settings, initiatorName }).success).toBe(false);
  },
);
