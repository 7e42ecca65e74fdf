import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '@leeward/cli/program';
import { systemClock } from '@leeward/platform';
import { apiUnderTest } from '@leeward/server/api/testing/api-under-test';
import { beforeAll, describe, expect, it } from 'vitest';
import { reached } from './parity-table.ts';

const sources = join(import.meta.dirname, '..', '..', 'packages', 'console', 'src');

const operations: string[] = [];
beforeAll(async () => {
  const { app } = await apiUnderTest();
  const { paths } = (await app.inject({ url: '/api/v1/openapi.json' })).json<{
    readonly paths: Readonly<Record<string, object>>;
  }>();
  for (const [path, item] of Object.entries(paths))
    for (const method of Object.keys(item))
      operations.push(`${method.toUpperCase()} ${path.replace('/api/v1', '').replace(/\{(\w+)\}/g, ':$1')}`);
  await app.close();
});

const program = createProgram({ clock: systemClock });
const verbs = new Set(
  program.commands.flatMap((noun) => [
    noun.name(),
    ...noun.commands.map((verb) => `${noun.name()} ${verb.name()}`),
  ]),
);

describe('every operation of the API', () => {
  it('has its line in the table of what reaches it, and nothing else has one', () => {
    expect(Object.keys(reached).toSorted()).toEqual(operations.toSorted());
  });

  it('has a verb on the command line, or a reason', () => {
    const missing = Object.entries(reached).flatMap(([operation, { cli }]) =>
      typeof cli === 'string' && !verbs.has(cli) ? [`${operation}: leeward ${cli}`] : [],
    );
    expect(missing).toEqual([]);
  });

  it('is called by a source of the console, or has a reason', () => {
    const missing = Object.entries(reached).flatMap(([operation, { console: source }]) =>
      typeof source === 'string' && !calls(source, operation) ? [`${operation}: ${source}`] : [],
    );
    expect(missing).toEqual([]);
  });

  it('has a real reason where it has one', () => {
    const reasons = Object.values(reached).flatMap(({ cli, console: source }) =>
      [cli, source].flatMap((each) => (typeof each === 'string' ? [] : [each.none])),
    );
    for (const reason of reasons) expect(reason.length).toBeGreaterThan(6);
    // Exceptions stay exceptions.
    expect(reasons.length).toBeLessThan(operations.length / 2);
  });
});

/** Ways in which the console calls each method. */
const callOf: Readonly<Record<string, RegExp>> = {
  GET: /useResource|usePages|api\s*\.(get|read)|EventSource|href/,
  POST: /api\s*\.post|useSaving/,
  PATCH: /api\s*\.patch|useSaving/,
  DELETE: /api\s*\.delete|EntryDeeds/,
};

/** Whether a source calls by the method and names what the path ends with, or, where it names the kind only, its stem. */
function calls(source: string, operation: string): boolean {
  const paths = source.split(' + ').map((each) => join(sources, each));
  if (!paths.every((path) => existsSync(path))) return false;
  const text = paths.map((path) => readFileSync(path, 'utf8')).join('\n');
  const [method = '', route = ''] = operation.split(' ');
  const words = route.split('/').filter((part) => part !== '' && !part.startsWith(':'));
  const last = words.at(-1) ?? '';
  const names = text.includes(last) || (/\$\{kind\}s/.test(text) && ['vcenters', 'arrays'].includes(last));
  return names && (callOf[method]?.test(text) ?? false);
}
