import { ManualClock } from '@leeward/platform';
import { beforeEach, expect, it } from 'vitest';
import { KeptDoor } from './kept-door.ts';

class Connection {
  readonly #secret = 'private';
  readonly inner = { ask: async () => this.#answer() };
  closed = 0;
  finish: () => void = () => undefined;

  async ask(): Promise<string> {
    return this.#answer();
  }

  long(): Promise<void> {
    return new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  sync(): string {
    return this.#secret;
  }

  async close(): Promise<void> {
    this.closed++;
  }

  #answer(): string {
    if (this.closed > 0) throw new Error('closed');
    return this.#secret;
  }
}

const minute = 60_000;
let clock: ManualClock;
let connection: Connection;
let kept: KeptDoor<Connection>;
let gone: number;
beforeEach(() => {
  clock = new ManualClock(0);
  connection = new Connection();
  kept = new KeptDoor(connection, clock);
  gone = 0;
});
const retire = () => kept.retire(() => gone++);

it('hands out the connection itself, with what is private in it', async () => {
  expect([await kept.door.ask(), kept.door.sync(), await kept.door.inner.ask()]).toEqual([
    'private',
    'private',
    'private',
  ]);
  await clock.advance(600 * minute);
  expect(connection.closed).toBe(0);
});

it('closes some time after it was retired, when nobody uses it', async () => {
  retire();
  await clock.advance(10 * minute);
  expect(connection.closed).toBe(0);
  await clock.advance(10 * minute);
  expect([connection.closed, gone]).toEqual([1, 1]);
});

it('goes on for who still uses it', async () => {
  retire();
  for (let uses = 0; uses < 10; uses++) {
    await clock.advance(10 * minute);
    expect(await kept.door.ask()).toBe('private');
  }
  const long = kept.door.long();
  await clock.advance(600 * minute);
  expect(connection.closed).toBe(0);
  connection.finish();
  await long;
  await clock.advance(20 * minute);
  expect([connection.closed, gone]).toEqual([1, 1]);
});

it('is closed once when it is closed from outside', async () => {
  retire();
  await kept.close();
  await clock.advance(60 * minute);
  expect(connection.closed).toBe(1);
});
