import { LeewardError } from '@leeward/core';
import { hash, verify } from '@node-rs/argon2';

/** Argon2id as OWASP asks for it: 19 MiB, two passes. */
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };
const shortest = 12;
const longest = 1024;
/** They run on threads that files and compression need too. */
const atOnce = 2;
const waitingAtMost = 32;

/** Makes and checks the hashes that are kept of passwords; only a few at a time, since each takes 19 MiB. */
export class Passwords {
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #ofNobody: Promise<string> | undefined;

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, cost));
  }

  /** False for a missing hash too, after the same work: how long it takes does not tell who exists. */
  async verify(kept: string | undefined, password: string): Promise<boolean> {
    this.#ofNobody ??= this.hash('the password of nobody');
    const ofNobody = await this.#ofNobody;
    const isRight = await this.#inTurn(() => verify(kept ?? ofNobody, password));
    return isRight && kept !== undefined;
  }

  /** Refuses with `L-AUT-104` when too many wait already. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= atOnce) {
      if (this.#waiting.length >= waitingAtMost) throw new LeewardError('L-AUT-104', { seconds: 1 });
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

/** Throws `L-AUT-107`. Length is what counts; rules about kinds of characters only make passwords worse. */
export function requireGoodPassword(username: string, password: string): void {
  const length = [...password].length;
  const refuse = (problem: string) => {
    throw new LeewardError('L-AUT-107', { problem });
  };
  if (length < shortest) refuse(`it has fewer than ${shortest} characters.`);
  if (length > longest) refuse(`it has more than ${longest} characters.`);
  if (password.toLowerCase() === username.toLowerCase()) refuse('it is the name of the user.');
}
