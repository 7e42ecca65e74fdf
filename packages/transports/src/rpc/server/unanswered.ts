/** Thrown by a procedure whose call gets no answer at all, as a fault of the network would have it. */
export class Unanswered extends Error {
  /** The connection is cut too; else the client waits in vain. */
  readonly isCut: boolean;

  constructor(isCut: boolean) {
    super(isCut ? 'the connection is cut' : 'the call is not answered');
    this.name = 'Unanswered';
    this.isCut = isCut;
  }
}
