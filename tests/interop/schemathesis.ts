import { execFile, execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Undefined where it is not installed. */
export const schemathesisVersion = versionOf();

const checks = [
  ...['not_a_server_error', 'status_code_conformance', 'content_type_conformance'],
  'response_schema_conformance',
];

interface SchemathesisOrder {
  /** For its settings, the certificate and its report. */
  readonly folder: string;
  /** Of the server, whose own certificate lies in `dataFolder`. */
  readonly url: string;
  readonly dataFolder: string;
  readonly token: string;
  /** Its `schemathesis.toml`. */
  readonly settings: string;
  readonly maxExamples: number;
  /** What it is to ask, what not, and how: `--include-name`, `--mode` and the like. */
  readonly words: readonly string[];
}

interface SchemathesisReport {
  /** All that it said; it found nothing wrong. */
  readonly said: string;
  readonly made: number;
  readonly passed: number;
  /** Statuses that it got, by method and address without query. */
  readonly answers: readonly { readonly method: string; readonly path: string; readonly status: number }[];
}

/** Has it ask a running server. Throws with all that it said where it found something wrong. */
export async function schemathesis(order: SchemathesisOrder): Promise<SchemathesisReport> {
  const { folder, url, dataFolder, token, settings, maxExamples, words: own } = order;
  const pem = await readFile(join(dataFolder, 'https.pem'), 'utf8');
  const [certificate = ''] = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/.exec(pem) ?? [];
  await writeFile(join(folder, 'ca.pem'), certificate);
  await writeFile(join(folder, 'schemathesis.toml'), settings);
  const har = join(folder, 'asked.har');
  const words = [
    ...['run', `${url}/api/v1/openapi.json`, '--url', url, '--header', `Authorization: Bearer ${token}`],
    ...['--checks', checks.join(','), '--phases', 'examples,coverage,fuzzing'],
    ...['--max-examples', String(maxExamples), '--report', 'har', '--report-har-path', har],
    ...['--tls-verify', join(folder, 'ca.pem'), '--request-timeout', '60', '--continue-on-failure'],
    ...['--seed', '1', '--generation-deterministic', '--suppress-health-check', 'all', '--no-color'],
    ...['--workers', '1', ...own],
  ];
  const { stdout } = await promisify(execFile)('schemathesis', words, {
    cwd: folder,
    maxBuffer: 64 * 1024 * 1024,
  });
  const [, made, passed] = /(\d+) generated, (\d+) passed/.exec(stdout) ?? [];
  return {
    said: stdout,
    made: Number(made),
    passed: Number(passed),
    answers: answersOf(JSON.parse(await readFile(har, 'utf8'))),
  };
}

interface Har {
  readonly log: {
    readonly entries: readonly {
      readonly request: { readonly method: string; readonly url: string };
      readonly response: { readonly status: number };
    }[];
  };
}

function answersOf({ log }: Har): SchemathesisReport['answers'] {
  return log.entries.map(({ request: { method, url }, response: { status } }) => ({
    method,
    path: new URL(url).pathname,
    status,
  }));
}

function versionOf(): string | undefined {
  try {
    const text = execFileSync('schemathesis', ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
    return /\d[\d.]+/.exec(text.toString())?.[0];
  } catch {
    return undefined;
  }
}
