import { Writable } from 'node:stream';
import type { Services } from '@leeward/engine';
import { ManualClock } from '@leeward/platform';
import type { RouteOptions } from 'fastify';
import { pino } from 'pino';
import { createApi } from '../api.ts';
import { type Door, socketDoor } from '../door.ts';
import { type RecordingServices, recordingServices } from './recording-services.ts';
import { RecordingTrail } from './recording-trail.ts';

export interface ApiUnderTest extends RecordingServices {
  readonly app: Awaited<ReturnType<typeof createApi>>;
  /** Lines that were logged. */
  readonly log: Record<string, unknown>[];
  readonly trail: RecordingTrail;
}

/** The API over recording services, not listening: for `app.inject`. The caller closes `app`. */
export async function apiUnderTest(
  onRoute?: (route: RouteOptions) => void,
  door: Door = socketDoor,
  instead: Partial<Services> = {},
): Promise<ApiUnderTest> {
  const recording = recordingServices();
  const log: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const logger = pino({ level: 'info' }, sink);
  const services = new Proxy(recording.services, {
    get: (all, name, receiver) => Reflect.get(Object.hasOwn(instead, name) ? instead : all, name, receiver),
  });
  const trail = new RecordingTrail();
  const clock = new ManualClock();
  const app = await createApi({ services, version: '1.2.3', logger, clock, door, trail, onRoute });
  await app.ready();
  return { ...recording, app, log, trail };
}
