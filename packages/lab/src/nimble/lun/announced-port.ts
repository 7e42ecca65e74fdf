import type { BlockDataPort, IscsiSession, Portal, PortCounters } from '../../san/block-data-port.ts';

/**
 * A data port that is announced but served by nobody: for tests and uses of the management interface alone. The
 * lab can pretend sessions, so that everything that depends on them still happens.
 */
export class AnnouncedPort implements BlockDataPort {
  readonly #portals: readonly Portal[];
  #sessions: IscsiSession[] = [];
  #logins = 0;

  constructor(portals: readonly Portal[]) {
    this.#portals = portals;
  }

  async open(): Promise<void> {}

  portals(): readonly Portal[] {
    return this.#portals;
  }

  pretend(targetName: string, initiatorName: string): void {
    const portal = this.#portals[0] ?? { address: '127.0.0.1', port: 3260 };
    this.#logins++;
    this.#sessions.push({ targetName, initiatorName, portal });
  }

  sessions(): readonly IscsiSession[] {
    return this.#sessions;
  }

  drop(targetName: string, initiatorName?: string): void {
    this.#sessions = this.#sessions.filter(
      (one) =>
        one.targetName !== targetName || (initiatorName !== undefined && one.initiatorName !== initiatorName),
    );
  }

  lunsChanged(): void {}

  sizeChanged(): void {}

  async setPortal(address: string): Promise<boolean> {
    return this.#portals.some((portal) => portal.address === address);
  }

  setCut(address: string): Promise<boolean> {
    return this.setPortal(address);
  }

  async setReachable(reachable: boolean): Promise<void> {
    if (!reachable) this.#sessions = [];
  }

  counters(): readonly PortCounters[] {
    return this.#portals.map((portal) => ({
      ...portal,
      bytesRead: 0,
      bytesWritten: 0,
      logins: this.#logins,
      byInitiator: [],
    }));
  }

  reset(): void {}

  async close(): Promise<void> {
    this.#sessions = [];
  }
}
