/** Data of a device that does not have the form that the command promises. */
export class ScsiDataError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'ScsiDataError';
  }
}
