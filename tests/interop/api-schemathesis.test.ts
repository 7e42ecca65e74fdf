import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type RunningServer, startServer } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schemathesis, schemathesisVersion } from './schemathesis.ts';

/** Schemathesis makes requests from the description of the API, good ones and bad ones, and judges the answers. */
console.log(`judge: schemathesis ${schemathesisVersion ?? ''} ${schemathesisVersion ? 'ran' : 'absent'}`);

const leftOut = [
  // A stream goes on for minutes, whatever is sent.
  'GET /api/v1/events',
  // This server, without a proxy, is not ready, which is no problem; asked in api-schemathesis-world.test.ts.
  'GET /api/v1/ready',
  // It would make folders at paths that it invents, on this machine.
  'POST /api/v1/repositories',
  // It would delete the token that it signs in with.
  'DELETE /api/v1/tokens/{id}',
];

/** 502 is no error of this server: a vCenter that was invented does not answer. */
const settings = `[checks]
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 502]
`;

describe.skipIf(!schemathesisVersion)(
  'the description of the API, by a program that takes it at its word',
  () => {
    let folder = '';
    let server: RunningServer;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'leeward-schemathesis-'));
      server = await startServer({
        dataFolder: join(folder, 'data'),
        version: '1.2.3',
        logger: createLogger('server', 'fatal'),
        proxy: false,
        https: { listen: { host: '127.0.0.1', port: 0 } },
        onFatal: (error) => {
          throw error;
        },
      });
    }, 120_000);
    afterAll(async () => {
      await server?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('every operation answers as it is described, whatever it is asked', {
      timeout: 1_200_000,
    }, async () => {
      const local = { kind: 'local', name: 'local', role: 'administrator', readOnly: false } as const;
      const { token } = await server.services.tokens.create(local, { name: 'schemathesis' });
      const { made, passed, answers } = await schemathesis({
        folder,
        ...{
          url: server.https?.url ?? '',
          dataFolder: join(folder, 'data'),
          token,
          settings,
          maxExamples: 3,
        },
        words: leftOut.flatMap((name) => ['--exclude-name', name]),
      });
      console.log(`schemathesis: ${made} generated, ${passed} passed, ${answers.length} asked`);
      expect(made).toBeGreaterThan(1_000);
      expect(passed).toBe(made);
      // The server of the test is still whole.
      expect((await server.services.tokens.list(local)).map(({ name }) => name)).toContain('schemathesis');
    });
  },
);
