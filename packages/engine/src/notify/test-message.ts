import type { Message } from './message.ts';

export function testMessage(channelName: string, id: string, at: string): Message {
  return {
    ...{ id, at, topics: ['test'], severity: 'success', problems: [] },
    title: `Test of channel "${channelName}"`,
    lines: ['This is what a notification of Leeward looks like. Nothing has happened.'],
  };
}
