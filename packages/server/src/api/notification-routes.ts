import type { Services } from '@leeward/engine';
import { channel, delivery, testedChannel } from './answers/notification-answers.ts';
import type { Api } from './api.ts';
import { byId } from './inputs.ts';
import { createChannel, deliveryFilter, editChannel } from './notification-inputs.ts';
import { about, listOf } from './route-about.ts';

/** Channels over which people hear of what happens. */
export function notificationRoutes(api: Api, { notifications }: Services): void {
  const one = { params: byId };
  api.get(
    '/notification-channels',
    about('administrator', 'notification', 'Channels, and how their last message fared', listOf(channel)),
    () => notifications.list(),
  );
  api.post(
    '/notification-channels',
    about('administrator', 'notification', 'Make a channel', channel, { body: createChannel }),
    ({ body }) => notifications.create(body),
  );
  api.get(
    '/notification-channels/:id',
    about('administrator', 'notification', 'A channel', channel, one),
    ({ params }) => notifications.find(params.id),
  );
  api.patch(
    '/notification-channels/:id',
    about('administrator', 'notification', 'Change a channel', channel, { params: byId, body: editChannel }),
    ({ params, body }) => notifications.edit(params.id, body),
  );
  api.delete(
    '/notification-channels/:id',
    about('administrator', 'notification', 'Remove a channel and its secrets', channel, one),
    ({ params }) => notifications.remove(params.id),
  );
  api.post(
    '/notification-channels/:id/test',
    about('administrator', 'notification', 'Send a message now and say what happened', testedChannel, one),
    ({ params }) => notifications.test(params.id),
  );
  api.get(
    '/notification-deliveries',
    about('administrator', 'notification', 'What was sent, newest first', listOf(delivery), {
      querystring: deliveryFilter,
    }),
    ({ query: { limit, ...filter } }) => notifications.deliveries(filter, limit),
  );
}
