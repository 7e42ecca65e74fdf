import type { Services } from '@leeward/engine';
import { systemClock } from '@leeward/platform';
import Fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Api } from './api.ts';
import type { Mark } from './events-feed.ts';
import { eventsRoutes } from './events-routes.ts';

let app: FastifyInstance;
let marks: readonly Mark[] | Error;
let url = '';
beforeEach(async () => {
  marks = [];
  app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const runs = {
    marks: async () => {
      if (marks instanceof Error) throw marks;
      return marks;
    },
  };
  await app.register(async (scope) => {
    eventsRoutes(scope as unknown as Api, { runs } as unknown as Services, systemClock);
  });
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/events`;
});
afterEach(() => app.close());

/** Reads until the text has come; resolves to all that was read. */
async function readUntil(answer: Response, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += new TextDecoder().decode(chunk as Uint8Array);
    if (text.includes(wanted)) break;
  }
  return text;
}

it('streams what changes as server-sent events, and again after what was seen last', async () => {
  const first = await fetch(url);
  expect(first.headers.get('content-type')).toContain('text/event-stream');
  const stays = await fetch(url);
  marks = [{ id: 'r1', mark: 'a' }];
  const text = await readUntil(first, '{"id":"r1"}');
  expect(text).toMatch(/^retry: 1000\n\nid: \S+\nevent: run\ndata: \{"id":"r1"\}\n\n$/);
  marks = [{ id: 'r1', mark: 'b' }];
  await readUntil(stays, '{"id":"r1"}');
  const lost = await fetch(url, { headers: { 'last-event-id': 'of another server' } });
  expect(await readUntil(lost, 'reset')).toContain('event: reset\ndata: {}\n\n');
});

it('ends when the server stops', async () => {
  const answer = await fetch(url);
  const whole = answer.text();
  await app.close();
  expect(await whole).toBe('retry: 1000\n\n');
});

it('is answered with the problem where the runs cannot be looked at', async () => {
  marks = new Error('the database is away');
  expect((await fetch(url)).status).toBe(500);
});
