import { describe, expect, it } from 'vitest';
import { SharedSessions } from './shared-sessions.ts';

class FakeSession {
  isUsable = true;
  closed = 0;
  async close(): Promise<void> {
    this.closed++;
  }
}

function world() {
  const sessions = new SharedSessions<FakeSession>();
  const opened: FakeSession[] = [];
  const open = async () => {
    const session = new FakeSession();
    opened.push(session);
    return session;
  };
  /** A user that stays until it is let go. */
  const stay = (repositoryId = 'r') => {
    let letGo = () => {};
    const until = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let seen: FakeSession | undefined;
    const ended = sessions.use(repositoryId, open, async (session) => {
      seen = session;
      await until;
    });
    return { ended, letGo, session: () => seen };
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { sessions, opened, open, stay, settled };
}

describe('shared sessions', () => {
  it('opens one session for all that work at the same time, and ends it with the last', async () => {
    const { opened, stay, settled } = world();
    const [first, second] = [stay(), stay()];
    await settled();
    expect(opened).toHaveLength(1);
    expect(second.session()).toBe(first.session());
    first.letGo();
    await first.ended;
    expect(opened[0]?.closed).toBe(0);
    second.letGo();
    await second.ended;
    expect(opened[0]?.closed).toBe(1);
    const later = stay();
    await settled();
    expect(opened).toHaveLength(2);
    later.letGo();
    await later.ended;
  });

  it('keeps repositories apart', async () => {
    const { opened, stay, settled } = world();
    const both = [stay('a'), stay('b')];
    await settled();
    expect(opened).toHaveLength(2);
    for (const { letGo, ended } of both) {
      letGo();
      await ended;
    }
    expect(opened.map(({ closed }) => closed)).toEqual([1, 1]);
  });

  it('lets nobody into a session that has failed, and ends each once', async () => {
    const { opened, stay, settled } = world();
    const first = stay();
    await settled();
    if (opened[0]) opened[0].isUsable = false;
    const second = stay();
    await settled();
    expect(opened).toHaveLength(2);
    first.letGo();
    await first.ended;
    const third = stay();
    await settled();
    expect(third.session()).toBe(second.session());
    for (const { letGo, ended } of [second, third]) {
      letGo();
      await ended;
    }
    expect(opened.map(({ closed }) => closed)).toEqual([1, 1]);
  });

  it('tells everybody why it could not be opened, and tries again for the next', async () => {
    const { sessions, open } = world();
    const refuse = async (): Promise<FakeSession> => {
      throw new Error('wrong password');
    };
    const work = async () => 'done';
    await expect(sessions.use('r', refuse, work)).rejects.toThrow('wrong password');
    await expect(sessions.use('r', open, work)).resolves.toBe('done');
  });
});
