import type { PduChannel } from './pdu-channel.ts';
import type { TaskOutlet } from './task-runner.ts';

/** Lets a task do its work and cuts the connection where its answer would begin. Data is still asked for. */
export function losing(outlet: TaskOutlet, channel: Pick<PduChannel, 'destroy'>): TaskOutlet {
  return {
    ...outlet,
    respond: () => channel.destroy(),
    dataIn: (_task, part) => {
      part.flushed?.();
      channel.destroy();
    },
  };
}
