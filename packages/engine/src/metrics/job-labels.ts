/** More job names than that are told together, so that no installation makes series without end. */
const mostJobs = 500;

/** What stands in the label `job`: the job's name; `(removed)` where it is gone, `(other)` beyond the first 500. */
export class JobLabels {
  readonly #names: ReadonlyMap<string, string>;

  constructor(jobs: readonly { readonly id: string; readonly name: string }[]) {
    this.#names = new Map(jobs.map(({ id, name }, place) => [id, place < mostJobs ? name : '(other)']));
  }

  of(jobId: string): string {
    return this.#names.get(jobId) ?? '(removed)';
  }
}
