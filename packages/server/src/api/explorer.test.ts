import { createServer } from 'node:http';
import { ManualClock } from '@leeward/platform';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApi } from './api.ts';
import { recordingServices } from './testing/recording-services.ts';
import { RecordingTrail } from './testing/recording-trail.ts';
import { roleDoor } from './testing/role-door.ts';

let app: Awaited<ReturnType<typeof createApi>>;
beforeAll(async () => {
  app = await createApi({
    ...{ services: recordingServices().services, version: '1.2.3', logger: pino({ level: 'silent' }) },
    ...{ clock: new ManualClock(), door: roleDoor, trail: new RecordingTrail() },
    network: {
      serverFactory: (handler) => createServer(handler),
      strictTransport: false,
      consoleFolder: undefined,
    },
  });
  await app.ready();
});
afterAll(() => app.close());

it('is a page of its own files, that may run and load nothing else', async () => {
  const page = await app.inject({ url: '/api/docs/' });
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/unsafe|https:|\*/);
  expect(page.body).not.toMatch(/<script(?![^>]*src=)|<style|style="|onload=/);
  const files = [...page.body.matchAll(/(?:src|href)="(?:\.\/|\/api\/docs\/)?([^"]+)"/g)].map(
    ([, file]) => file,
  );
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const { statusCode } = await app.inject({ url: `/api/docs/${file?.replace(/^\/api\/docs\//, '')}` });
    expect([file, statusCode]).toEqual([file, 200]);
  }
});

it('shows the description that the API gives of itself, and how to sign in', async () => {
  const shown = (await app.inject({ url: '/api/docs/json' })).json();
  expect(shown).toEqual((await app.inject({ url: '/api/v1/openapi.json' })).json());
  expect(Object.keys(shown.components.securitySchemes)).toEqual(['token', 'session']);
  expect(Object.keys(shown.paths).filter((path: string) => path.startsWith('/api/docs'))).toEqual([]);
});

it('describes the headers of pages, keys and tags where they are', async () => {
  const { paths } = (await app.inject({ url: '/api/v1/openapi.json' })).json();
  const headers = (path: string, method: string) => Object.keys(paths[path][method].responses['200'].headers);
  const parameters = (path: string, method: string) =>
    (paths[path][method].parameters ?? [])
      .filter((each: { in: string }) => each.in === 'header')
      .map(({ name }: { name: string }) => name);
  expect(headers('/api/v1/runs', 'get')).toEqual(['ETag', 'Link']);
  expect(headers('/api/v1/jobs', 'post')).toEqual(['Idempotency-Replayed']);
  expect(parameters('/api/v1/jobs', 'post')).toEqual(['Idempotency-Key']);
  expect(parameters('/api/v1/jobs/{id}', 'patch')).toEqual(['If-Match']);
  expect(parameters('/api/v1/jobs/{id}/plan', 'post')).toEqual([]);
  expect(paths['/api/v1/health'].get.security).toEqual([]);
  expect(paths['/api/v1/jobs'].get.security).toEqual([{ token: [] }, { session: [] }]);
});

it('sends the token of the session with what changes something, and with nothing else', async () => {
  const script = (await app.inject({ url: '/api/docs/static/swagger-initializer.js' })).body;
  const [, config = ''] = /const config = ([\s\S]+?)\n {4}const resConfig/.exec(script) ?? [];
  const asked: string[] = [];
  const ask = async (url: string) => {
    asked.push(url);
    return Response.json({ csrfToken: 'c1' });
  };
  const intercept = new Function('fetch', `return (${config})`)(ask).requestInterceptor;
  const sent = async (method: string, given: Record<string, string> = {}) =>
    (await intercept({ url: '/x', method, headers: given })).headers;
  expect(await sent('GET')).toEqual({});
  expect(await sent('POST', { Authorization: 'Bearer t' })).toEqual({ Authorization: 'Bearer t' });
  expect(asked).toEqual([]);
  expect(await sent('POST')).toEqual({ 'x-csrf-token': 'c1' });
});
