/** A way from a report or a message to a page of the console. */
export interface ConsoleLink {
  readonly title: string;
  readonly url: string;
}

/** Pages of the console by the address at which people reach it; no links where nobody said which that is. */
export class ConsoleLinks {
  readonly #publicUrl: string | null;

  /** @param publicUrl `https://backup.example`, without a slash at its end */
  constructor(publicUrl: string | null) {
    this.#publicUrl = publicUrl;
  }

  run(id: string): readonly ConsoleLink[] {
    return this.#to('Open the run', `/runs/${encodeURIComponent(id)}`);
  }

  job(id: string): readonly ConsoleLink[] {
    return this.#to('Open the job', `/jobs/${encodeURIComponent(id)}`);
  }

  dailyReport(date: string): readonly ConsoleLink[] {
    return this.#to('Open the report', `/reports?date=${encodeURIComponent(date)}`);
  }

  orphans(): readonly ConsoleLink[] {
    return this.#to('Open the orphans', '/orphans');
  }

  start(): readonly ConsoleLink[] {
    return this.#to('Open the console', '/');
  }

  #to(title: string, path: string): readonly ConsoleLink[] {
    return this.#publicUrl === null ? [] : [{ title, url: `${this.#publicUrl}${path}` }];
  }
}
