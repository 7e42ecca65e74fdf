/** Bytes or values that the iSCSI protocol does not allow. Never shown as such: connections turn it into `L-BLK-107`. */
export class PduError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'PduError';
  }
}
