import { LeewardError } from '@leeward/core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { apiUnderTest } from './testing/api-under-test.ts';

/** Of answers that are not JSON. */
const otherTypes: Readonly<Record<string, string>> = {
  '/events': 'text/event-stream',
  '/metrics': 'text/plain',
  '/support-bundle': 'application/gzip',
};

/** Of answers that there are in several forms, besides JSON. */
const moreTypes: Readonly<Record<string, readonly string[]>> = {
  '/runs/{id}/report': ['text/html'],
  '/reports/daily': ['text/html'],
  '/reports/protection': ['text/html', 'text/csv'],
};

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses?: Readonly<
    Record<
      string,
      {
        readonly description?: string;
        readonly content?: Readonly<Record<string, { readonly schema: object }>>;
      }
    >
  >;
}

interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

it('describes every route by OpenAPI 3.1, with schemas that are valid JSON Schema', async () => {
  const { app } = await apiUnderTest();
  const answer = await app.inject({ url: '/api/v1/openapi.json' });
  const description = answer.json<Description>();
  expect(description.openapi).toMatch(/^3\.1\.\d+$/);
  expect(description.info).toMatchObject({ title: 'Leeward', version: '1.2.3' });
  const described = Object.entries(description.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.length).toBeGreaterThan(25);
  expect(described.toSorted()).toEqual(routesOf(app.printRoutes({ commonPrefix: false })));

  const ajv = new Ajv2020({ strict: false });
  for (const [path, item] of Object.entries(description.paths))
    for (const operation of Object.values(item)) {
      expect(operation.summary, path).toBeTruthy();
      expect(operation.tags, path).toHaveLength(1);
      const { 200: done, default: failed, ...others } = operation.responses ?? {};
      expect([done?.description, failed?.description, others], path).toEqual([
        operation.summary,
        expect.stringContaining('RFC 9457'),
        {},
      ]);
      const short = path.slice('/api/v1'.length);
      const type = otherTypes[short] ?? 'application/json';
      expect(Object.keys(done?.content ?? {}), path).toEqual([type, ...(moreTypes[short] ?? [])]);
      expect(failed?.content, path).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters?.filter((each) => each.in === 'path').map(({ name }) => name);
      expect(declared ?? [], path).toEqual(named);
      const schemas = [
        ...(operation.parameters ?? []).map(({ schema }) => schema),
        ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
        ...Object.values(done?.content ?? {}).map(({ schema }) => schema),
      ];
      for (const schema of schemas) expect(ajv.validateSchema(schema), JSON.stringify(schema)).toBe(true);
    }
  const { schemas } = description.components;
  for (const schema of Object.values(schemas)) expect(ajv.validateSchema(schema)).toBe(true);
  const used = [...answer.body.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, id]) => id);
  expect(Object.keys(schemas).toSorted()).toEqual([...new Set(used)].toSorted());
  await app.close();
});

it('describes what a failed request is really answered with', async () => {
  const { app, failNext } = await apiUnderTest();
  const description = (await app.inject({ url: '/api/v1/openapi.json' })).json<Description>();
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
  const valid = ajv.compile({ ...description, $ref: '#/components/schemas/Problem' });
  const failed = async (url: string) => {
    const answer = await app.inject({ url: `/api/v1${url}` });
    expect(answer.headers['content-type']).toContain('application/problem+json');
    return answer.json<object>();
  };
  expect([valid(await failed('/nothing')), valid.errors]).toEqual([true, null]);
  expect([valid(await failed('/runs?limit=0')), valid.errors]).toEqual([true, null]);
  failNext(new LeewardError('L-RUN-104', { job: 'nightly', run: 'r1' }));
  const problem = await failed('/jobs');
  expect([valid(problem), valid.errors]).toEqual([true, null]);
  expect(valid({ ...problem, code: 'L-XXX-999' })).toBe(false);
  expect(valid({ ...problem, surprise: 1 })).toBe(false);
  await app.close();
});

/** `METHOD path` of all routes but HEAD ones and the description itself, as the router has them. */
function routesOf(tree: string): string[] {
  const routes: string[] = [];
  const parts: string[] = [];
  for (const line of tree.split('\n')) {
    const found = /^([│ ]*)[├└]── (\S+)(?: \(([^)]+)\))?/.exec(line);
    if (!found) continue;
    const [, indent = '', part = '', methods = ''] = found;
    const depth = indent.length / 4;
    parts.length = depth;
    parts.push(part);
    const path = parts.join('');
    for (const method of methods.split(', '))
      if (method !== '' && method !== 'HEAD' && !path.endsWith('openapi.json'))
        routes.push(`${method} ${path}`);
  }
  return routes.toSorted();
}
