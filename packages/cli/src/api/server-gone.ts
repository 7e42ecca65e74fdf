import type { ShownProblem } from '../output/problem-lines.ts';

/** The server that a command talks to stopped, or does not answer. Ends the command with `unreachable`. */
export class ServerGone extends Error {
  readonly shown: ShownProblem;

  constructor(what: string, cause?: unknown) {
    super(what, { cause });
    this.name = 'ServerGone';
    this.shown = {
      what,
      data: 'What the command asked for may be done or not; runs that were under way go on when the server starts again.',
      next: 'Look at the log of the server, start it with `leeward server start`, then see `leeward run list`.',
    };
  }
}
