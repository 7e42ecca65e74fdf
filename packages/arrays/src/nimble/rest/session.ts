import { LeewardError } from '@leeward/core';

/** A login: its id (to end it) and the secret that goes with every request. */
export interface Login {
  readonly id: string;
  readonly token: string;
}

/** One login shared by all requests; made when it is first needed, never twice at once. */
export class Session {
  readonly #login: (signal?: AbortSignal) => Promise<Login>;
  #current: Login | undefined;
  #pending: Promise<Login> | undefined;

  constructor(login: (signal?: AbortSignal) => Promise<Login>) {
    this.#login = login;
  }

  get current(): Login | undefined {
    return this.#current;
  }

  async token(signal?: AbortSignal): Promise<string> {
    signal?.throwIfAborted();
    if (this.#current) return this.#current.token;
    if (this.#pending) {
      try {
        return (await this.#pending).token;
      } catch (error) {
        // The caller that began it may have given up; this one has not.
        if (error instanceof LeewardError) throw error;
        return await this.token(signal);
      }
    }
    const pending = this.#login(signal);
    this.#pending = pending;
    try {
      this.#current = await pending;
      return this.#current.token;
    } finally {
      this.#pending = undefined;
    }
  }

  /** Drops a login that the array does not know any more, unless a newer one took its place. */
  forget(token: string): void {
    if (this.#current?.token === token) this.#current = undefined;
  }
}
