import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeewardError, reportOf } from '@leeward/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../process/interrupted.ts';
import { ApiClient } from './api-client.ts';
import { explainNotFound } from './fitting.ts';
import { socketAnswers } from './socket-answers.ts';

let folder = '';
let server: Server | undefined;
let client: ApiClient | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leeward-api-'));
});
afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  client = server = undefined;
  await rm(folder, { recursive: true });
});

async function clientOf(listener: RequestListener, signal?: AbortSignal): Promise<ApiClient> {
  const path = join(folder, 'api.sock');
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(path, resolve));
  client = new ApiClient(path, signal);
  return client;
}

const answer =
  (status: number, body: unknown): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

describe('ApiClient', () => {
  it('gives what the server answers, and throws the error of the catalogue that it answers', async () => {
    const problem = reportOf(new LeewardError('L-RUN-104', { job: 'nightly', run: 'r1' }));
    const api = await clientOf((request, response) =>
      (request.url === '/api/v1/jobs' ? answer(200, [1]) : answer(409, problem))(request, response),
    );
    expect(await api.get('/jobs')).toEqual([1]);
    const call = api.post('/jobs/nightly/run');
    await expect(call).rejects.toMatchObject({ code: 'L-RUN-104', details: { run: 'r1' } });
  });

  it('follows a list page by page, and knows tags', async () => {
    const asked: (string | undefined)[] = [];
    const api = await clientOf((request, response) => {
      asked.push(request.url);
      const isFirst = !request.url?.includes('cursor');
      const link = isFirst ? { link: '</api/v1/runs?limit=1&cursor=x>; rel="next"' } : {};
      response.writeHead(200, { ...link, etag: '"a.b"' }).end(JSON.stringify([isFirst ? 1 : 2]));
    });
    expect(await api.all('/runs?limit=1')).toEqual([1, 2]);
    expect(asked).toEqual(['/api/v1/runs?limit=1', '/api/v1/runs?limit=1&cursor=x']);
    expect(await api.getTagged('/runs?cursor=x')).toEqual({ content: [2], etag: '"a.b"' });
  });

  describe('edits', () => {
    /** A server of one thing; `meanwhile` is done to it after it was read. */
    const oneThing = (thing: { name: string; tag: string }, meanwhile: () => void): RequestListener => {
      return (request, response) => {
        const { method, headers } = request;
        let body = '';
        request.on('data', (chunk) => {
          body += String(chunk);
        });
        request.on('end', () => {
          if (method === 'GET') {
            response.writeHead(200, { etag: thing.tag }).end(JSON.stringify(thing));
            return meanwhile();
          }
          if (headers['if-match'] !== undefined && headers['if-match'] !== thing.tag) {
            const refused = new LeewardError('L-API-104', { kind: 'job', name: thing.name });
            return answer(412, reportOf(refused))(request, response);
          }
          Object.assign(thing, JSON.parse(body), { tag: '"new.new"' });
          return answer(200, thing)(request, response);
        });
      };
    };

    it('what is as it was read', async () => {
      const thing = { name: 'nightly', tag: '"a.b"' };
      const api = await clientOf(oneThing(thing, () => undefined));
      const edited = api.edit<typeof thing>('/jobs/nightly', async ({ name }) => ({ name: `${name}-2` }));
      expect(await edited).toMatchObject({ name: 'nightly-2' });
    });

    it('nothing that somebody else has changed since, and says so in the words of a command', async () => {
      const thing = { name: 'nightly', tag: '"a.b"' };
      const api = await clientOf(
        oneThing(thing, () => Object.assign(thing, { name: 'weekly', tag: '"c.d"' })),
      );
      const edited = api.edit('/jobs/nightly', () => ({ name: 'monthly' }));
      await expect(edited).rejects.toMatchObject({ code: 'L-API-107', details: { name: 'weekly' } });
      expect(thing.name).toBe('weekly');
      await expect(edited).rejects.not.toThrow(/ETag|If-Match/);
    });

    it('of a server that tells no tags all the same', async () => {
      const thing = { name: 'nightly' };
      const api = await clientOf((request, response) => {
        if (request.method === 'PATCH') thing.name = 'changed';
        answer(200, thing)(request, response);
      });
      expect(await api.edit('/jobs/nightly', () => ({}))).toEqual({ name: 'changed' });
    });
  });

  it('tells an error that it does not know from those of the catalogue', async () => {
    const api = await clientOf(answer(500, { code: 'L-NEW-999' }));
    await expect(api.get('/jobs')).rejects.toMatchObject({ code: 'L-CFG-108' });
  });

  it.each([
    ['cuts the connection', 'L-CFG-107', ((request) => request.socket.destroy()) as RequestListener],
    [
      'dies in the middle of its answer',
      'L-CFG-107',
      ((_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('[1,');
        response.socket?.destroySoon();
      }) as RequestListener,
    ],
    ['is no Leeward', 'L-CFG-108', answer(200, '<html>')],
  ] as const)('says so when the server %s: %s', async (_what, code, listener) => {
    const api = await clientOf(listener);
    await expect(api.get('/jobs')).rejects.toMatchObject({ code, entry: { exit: 'unreachable' } });
  });

  it('says so when no server is there, also where a dead one left its socket', async () => {
    client = new ApiClient(join(folder, 'none.sock'));
    await expect(client.get('/jobs')).rejects.toMatchObject({ code: 'L-CFG-107' });
    expect(await socketAnswers(join(folder, 'none.sock'))).toBe(false);
  });

  it('ends a call with the reason of the signal', async () => {
    const controller = new AbortController();
    const api = await clientOf(() => controller.abort(new Interrupted()), controller.signal);
    await expect(api.get('/jobs')).rejects.toThrow(Interrupted);
  });
});

describe('explainNotFound', () => {
  const missing = (kind: string, name: string) => new LeewardError('L-CFG-102', { kind, name });
  it('names what differs by case only, and leaves what fits nothing as it is', async () => {
    const api = await clientOf(answer(200, [{ id: 'x', name: 'Nightly' }]));
    expect((await explainNotFound(api, missing('job', 'nightly'))).message).toContain('but Nightly.');
    const other = missing('job', 'weekly');
    expect(await explainNotFound(api, other)).toBe(other);
    const unknownKind = missing('lab', 'x');
    expect(await explainNotFound(api, unknownKind)).toBe(unknownKind);
  });
});
