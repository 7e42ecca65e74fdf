import { isError, LeewardError } from '@leeward/core';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { openFolder } from '@leeward/mover';
import { listedNames } from '@leeward/mover/disk/folder/http-listing';
import { hurriedClock } from '@leeward/mover/testing/hurried-clock';
import { type ServedHttp, serveHttp } from '@leeward/mover/testing/served-http';
import { systemClock, systemRandomness } from '@leeward/platform';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';

let served: ServedHttp;
const content = Buffer.alloc(300_000, 7);
const tools = { clock: hurriedClock(systemClock), randomness: systemRandomness };

beforeAll(async () => {
  const tls = await createSelfSignedCertificate({
    commonName: 'x',
    altNames: ['127.0.0.1'],
    clock: systemClock,
  });
  served = await serveHttp(new Map([['a', content]]), tls);
});
afterAll(() => served.close());

it('names in a listing never lead out of their folder, whatever the page is', async () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '<a href="',
      '"',
      "'",
      '</a>',
      '/folder/',
      '..',
      '%2f',
      '%',
      '&#',
      '&amp;',
      ';',
      '?',
      '/',
    ),
  );
  await fuzz(
    'folder listings',
    fc.asyncProperty(
      fc.array(piece, { maxLength: 60, size: 'max' }),
      fc.constantFrom('', 'vm', 'a/b'),
      async (parts, folder) => {
        for (const name of listedNames(parts.join(''), folder)) expect(name).not.toMatch(/^\.\.?$|^$|[/\0]/);
      },
    ),
    300,
  );
});

const status = fc.oneof(
  fc.constantFrom(200, 206, 206, 206, 301, 401, 404, 416, 500, 503),
  fc.integer({ min: 200, max: 599 }),
);
const range = fc.oneof(
  fc.constant('bytes 0-199999/300000'),
  fc.tuple(fc.nat(400_000), fc.nat(400_000), fc.nat(400_000)).map(([a, b, c]) => `bytes ${a}-${b}/${c}`),
  fc.constantFrom(
    'bytes */300000',
    'bytes 0-199999/*',
    'bytes 0-199999',
    '',
    'bytes -1-5/6',
    'bytes 0-9e3/1',
  ),
);
const headers = fc.record(
  {
    'content-range': range,
    'content-encoding': fc.constantFrom('gzip', 'identity'),
    'last-modified': fc.constant('x'),
  },
  { requiredKeys: [] },
);

it('answers other than the range asked for are errors of the catalogue, and never data', async () => {
  const { access } = served;
  await fuzz(
    'folder ranges',
    fc.asyncProperty(status, headers, fc.nat(250_000), async (code, given, bodyBytes) => {
      served.intercept = () => false;
      const folder = await openFolder(access, 'ds 1', tools);
      try {
        const file = await folder.folder.open('a');
        served.intercept = (_, response) => {
          response.writeHead(code, given);
          response.end(Buffer.alloc(bodyBytes, 9));
          return true;
        };
        const target = Buffer.alloc(200_000);
        const error = await file?.read(0, target).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        const isRight =
          code === 206 && given['content-range'] === 'bytes 0-199999/300000' && bodyBytes === 200_000;
        if (error === undefined) expect(isRight && given['content-encoding'] !== 'gzip').toBe(true);
        else expect(error).toBeInstanceOf(LeewardError);
        expect(isError(error, 'L-RUN-103')).toBe(false);
      } finally {
        await folder.close();
      }
    }),
    25,
  );
});
