import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { apiUnderTest } from './testing/api-under-test.ts';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
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
      for (const { description: text } of Object.values(operation.responses ?? {})) expect(text).toBeTruthy();
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters?.filter((each) => each.in === 'path').map(({ name }) => name);
      expect(declared ?? [], path).toEqual(named);
      const schemas = [
        ...(operation.parameters ?? []).map(({ schema }) => schema),
        ...Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema),
      ];
      for (const schema of schemas) expect(ajv.validateSchema(schema), JSON.stringify(schema)).toBe(true);
    }
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
