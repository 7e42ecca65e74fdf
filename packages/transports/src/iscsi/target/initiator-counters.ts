/** What was done for one initiator through one portal since the target started. */
export interface InitiatorCounters {
  readonly initiatorName: string;
  readonly portal: string;
  readonly logins: number;
  readonly loginsRefused: number;
  readonly commands: number;
  /** Bytes of data of READ commands that were sent, and of WRITE commands that were carried out. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

type Counted = 'logins' | 'loginsRefused' | 'commands' | 'bytesRead' | 'bytesWritten';

const maxInitiators = 10_000;

/** Counts by initiator and portal, with a bound of how many initiators are told apart. */
export class CounterBook {
  readonly #books = new Map<string, { -readonly [K in keyof InitiatorCounters]: InitiatorCounters[K] }>();

  add(initiatorName: string, portal: string, what: Counted, by = 1): void {
    const known = this.#books.size < maxInitiators || this.#books.has(`${initiatorName} ${portal}`);
    const name = known ? initiatorName : 'others';
    const key = `${name} ${portal}`;
    let book = this.#books.get(key);
    if (!book) {
      book = {
        initiatorName: name,
        portal,
        logins: 0,
        loginsRefused: 0,
        commands: 0,
        bytesRead: 0,
        bytesWritten: 0,
      };
      this.#books.set(key, book);
    }
    book[what] += by;
  }

  list(): readonly InitiatorCounters[] {
    return [...this.#books.values()].map((book) => ({ ...book }));
  }
}
