import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLogger, type RunningServer, startServer } from '@leeward/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Schemathesis makes requests from the description of the API, good ones and bad ones, and judges the answers. */
const version = versionOfSchemathesis();
console.log(`judge: schemathesis ${version ?? ''} ${version ? 'ran' : 'absent'}`);

const checks = [
  ...['not_a_server_error', 'status_code_conformance', 'content_type_conformance'],
  'response_schema_conformance',
];

/**
 * Not asked by it: a stream that goes on for minutes; what makes a folder at a path that it invents, on this machine; what
 * would delete the token that it signs in with; and the answer of a server that is not ready, which is no problem.
 */
const leftOut = ['/api/v1/events', '/api/v1/repositories', '/api/v1/tokens/{id}', '/api/v1/ready'];

/** 502 is no error of this server: a vCenter that was invented does not answer. */
const settings = '[checks]\nnot_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 502]\n';

describe.skipIf(!version)('the description of the API, by a program that takes it at its word', () => {
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
    const pem = await readFile(join(folder, 'data', 'https.pem'), 'utf8');
    const [certificate = ''] =
      /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/.exec(pem) ?? [];
    await writeFile(join(folder, 'ca.pem'), certificate);
    await writeFile(join(folder, 'schemathesis.toml'), settings);
  }, 120_000);
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('every operation answers as it is described, whatever it is asked', { timeout: 1_200_000 }, async () => {
    const url = server.https?.url ?? '';
    const local = { kind: 'local', name: 'local', role: 'administrator', readOnly: false } as const;
    const { token } = await server.services.tokens.create(local, { name: 'schemathesis' });
    const words = [
      ...['run', `${url}/api/v1/openapi.json`, '--url', url, '--header', `Authorization: Bearer ${token}`],
      ...['--checks', checks.join(','), '--phases', 'examples,coverage,fuzzing', '--max-examples', '3'],
      ...['--tls-verify', join(folder, 'ca.pem'), '--request-timeout', '60', '--continue-on-failure'],
      ...['--seed', '1', '--generation-deterministic', '--suppress-health-check', 'all', '--no-color'],
      ...['--workers', '1', ...leftOut.flatMap((path) => ['--exclude-path', path])],
    ];
    const run = await promisify(execFile)('schemathesis', words, {
      cwd: folder,
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error: { readonly stdout: string; readonly stderr: string }) => error);
    const { stdout, stderr } = run;
    if (run instanceof Error) console.log(stdout, stderr);
    expect(run).not.toBeInstanceOf(Error);
    const [said, made, passed] = /(\d+) generated, (\d+) passed/.exec(stdout) ?? [];
    console.log(`schemathesis: ${said ?? stdout}`);
    expect(Number(made)).toBeGreaterThan(1_000);
    expect(passed).toBe(made);
    // The server of the test is still whole.
    expect((await server.services.tokens.list(local)).map(({ name }) => name)).toContain('schemathesis');
  });
});

function versionOfSchemathesis(): string | undefined {
  try {
    const text = execFileSync('schemathesis', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
    return /\d[\d.]+/.exec(text.toString())?.[0];
  } catch {
    return undefined;
  }
}
