import type { ConfigurationDocument } from '@leeward/server';
import { expect, it } from 'vitest';
import { bodyWith, withSecretPlaces } from './secret-places.ts';

const document: Required<ConfigurationDocument> = {
  ...{ apiVersion: 'leeward/v1', vcenters: [], repositories: [], jobs: [], channels: [], settings: {} },
  arrays: [
    { name: 'a', chap: { username: 'c' } },
    { name: 'site-b', chap: { username: 'c', mutual: { username: 'm' } } },
  ],
};

it('names a place for the secret of each direction of CHAP', () => {
  expect(withSecretPlaces(document).arrays.map(({ chap }) => chap)).toEqual([
    { username: 'c', passwordFrom: { env: 'LEEWARD_CHAP_A_PASSWORD' } },
    {
      ...{ username: 'c', passwordFrom: { env: 'LEEWARD_CHAP_SITE_B_PASSWORD' } },
      mutual: { username: 'm', passwordFrom: { env: 'LEEWARD_CHAP_SITE_B_MUTUAL_PASSWORD' } },
    },
  ]);
});

it('puts secrets into their places, however deep, and leaves the rest', () => {
  const body = { name: 'a', chap: { username: 'c', mutual: { username: 'm' } } };
  const fields = ['password', 'chap.password', 'chap.mutual.password', 'target.url'];
  const secrets = fields.map((field) => ({ field, from: { env: field } }));
  expect(bodyWith(body, secrets, ({ field }) => `the ${field}`)).toEqual({
    ...{ name: 'a', password: 'the password', target: { url: 'the target.url' } },
    chap: {
      ...{ username: 'c', password: 'the chap.password' },
      mutual: { username: 'm', password: 'the chap.mutual.password' },
    },
  });
  expect(body).toEqual({ name: 'a', chap: { username: 'c', mutual: { username: 'm' } } });
});
