/** Bytes that are not what RFC 4506 and the protocol allow at this place. */
export class XdrError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'XdrError';
  }
}
