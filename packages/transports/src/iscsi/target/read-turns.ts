import { Gate } from './gate.ts';

/**
 * When the reads of a session are begun: one after the other, each when there is room for what the ones before it sent.
 * Begun at once, all would look for room before the first has sent anything: many commands from one initiator filled
 * as many buffers, and pushed each other out of the caches. A device that takes longer than a turn of the event loop
 * keeps nobody waiting.
 */
export class ReadTurns {
  readonly #gate = new Gate(1);
  readonly #hasRoom: () => Promise<void>;

  /** `hasRoom` resolves when more data may be sent. */
  constructor(hasRoom: () => Promise<void>) {
    this.#hasRoom = hasRoom;
  }

  /** The function to call when what was read is sent, or nothing will be. */
  async begin(): Promise<() => void> {
    const leave = await this.#gate.enter();
    await this.#hasRoom();
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      clearImmediate(turn);
      leave();
    };
    // biome-ignore lint/plugin: the end of a turn of the event loop; no time is waited for.
    const turn = setImmediate(end);
    return end;
  }
}
