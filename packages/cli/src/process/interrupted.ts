/** The user pressed Ctrl-C, or the command was asked to end; the message says what that leaves behind. */
export class Interrupted extends Error {
  constructor(message = 'interrupted; what was asked for may be done already') {
    super(message);
    this.name = 'Interrupted';
  }
}
