import type { Page } from '@leeward/engine';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { answerPage } from './paging.ts';

async function linkOf(url: string, page: Page<number>) {
  const app = Fastify();
  app.get('/api/v1/runs', (request, reply) => answerPage(request, reply, page));
  const answer = await app.inject({ url });
  await app.close();
  return { body: answer.json(), link: answer.headers['link'] };
}

it('answers with the entries alone, and links the next page with the same filters', async () => {
  const page = { items: [1, 2], next: 'b_-' };
  expect(await linkOf('/api/v1/runs', page)).toEqual({
    body: [1, 2],
    link: '</api/v1/runs?cursor=b_->; rel="next"',
  });
  const { link } = await linkOf('/api/v1/runs?job=a%26b&limit=5&cursor=old', page);
  expect(link).toBe('</api/v1/runs?job=a%26b&limit=5&cursor=b_->; rel="next"');
});

it('links nothing on the last page', async () => {
  expect(await linkOf('/api/v1/runs?limit=5', { items: [3] })).toEqual({ body: [3], link: undefined });
});
