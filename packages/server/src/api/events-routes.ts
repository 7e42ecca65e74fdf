import type { Clock } from '@leeward/core';
import type { JobScope } from '@leeward/core/access/job-scope';
import type { Services } from '@leeward/engine';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from './api.ts';
import { EventsFeed, type FeedEvent } from './events-feed.ts';
import { about } from './route-about.ts';

/** A stream ends after so long; whoever listens comes again, and is asked anew who they are. */
const longestMs = 5 * 60_000;
/** So often something is sent, so that whatever lies in between keeps the connection. */
const aliveMs = 15_000;
/** Who takes so much more than they read is let go. */
const mostUnreadBytes = 1024 * 1024;

const stream = z.string().describe('`event: run` with `data: {"id"}` of a run that changed; `event: reset`');

/** Server-sent events: which runs have changed, at most a second or two after they did. */
export function eventsRoutes(api: Api, { runs, scopes }: Services, clock: Clock): void {
  const feed = new EventsFeed({ look: () => runs.marks(), clock });
  api.addHook('preClose', async () => feed.stop());
  const route = about('viewer', 'run', 'Which runs have changed, as server-sent events', stream);
  const { content, description } = route.schema.response[200];
  const answer = { description, content: { 'text/event-stream': content['application/json'] } };
  const schema = { ...route.schema, response: { ...route.schema.response, 200: answer } };
  api.get('/events', { ...route, schema }, async (request, reply) => {
    await feed.ready();
    follow(feed, request, reply, clock, scopes);
    return reply;
  });
}

function lastEventId({ headers }: FastifyRequest): string | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' && given !== '' ? given : undefined;
}

/** Takes the answer out of the hands of the framework and writes events to it until it is closed. */
function follow(
  feed: EventsFeed,
  request: FastifyRequest,
  reply: FastifyReply,
  clock: Clock,
  scopes: Services['scopes'],
): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 1000\n\n');
  const end = () => raw.end();
  const write = ({ eventId, type, id }: FeedEvent) => {
    raw.write(`id: ${eventId}\nevent: ${type}\ndata: ${JSON.stringify(id === undefined ? {} : { id })}\n\n`);
    if (raw.writableLength > mostUnreadBytes) raw.destroy();
  };
  const limits = request.caller?.scopes;
  const send = limits ? seenOnly(write, end, (jobId) => isVisible(scopes, limits, jobId)) : write;
  const leave = feed.listen({ send, end }, lastEventId(request));
  const over = clock.after(longestMs, end);
  let alive = clock.after(aliveMs, keepAlive);
  function keepAlive(): void {
    raw.write(': here\n\n');
    alive = clock.after(aliveMs, keepAlive);
  }
  raw.once('close', () => {
    over.cancel();
    alive.cancel();
    leave();
  });
}

/** Writes events of runs that are seen, in their order; ends where that cannot be told. */
function seenOnly(
  write: (event: FeedEvent) => void,
  end: () => void,
  isSeen: (jobId: string) => Promise<boolean>,
): (event: FeedEvent) => void {
  let last: Promise<void> = Promise.resolve();
  return (event) => {
    last = last
      .then(async () => {
        const { type, jobId } = event;
        if (type === 'reset' || (jobId !== undefined && (await isSeen(jobId)))) write(event);
      })
      .catch(end);
  };
}

/** Asked for each event: jobs come, go and are renamed while somebody listens. */
async function isVisible(
  scopes: Services['scopes'],
  limits: readonly JobScope[],
  jobId: string,
): Promise<boolean> {
  return (await scopes.visible(limits)).ids.includes(jobId);
}
