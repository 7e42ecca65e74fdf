/**
 * A LUN as a simulated host writes it. Any byte offset and length within the size; what was never written reads as
 * zeros. Writes of one caller take effect in the order of the calls.
 */
export interface BlockStore {
  readonly sizeBytes: number;
  read(offsetBytes: number, target: Uint8Array): Promise<void>;
  write(offsetBytes: number, data: Uint8Array): Promise<void>;
}

/** Storage that is too small, or a path that cannot be: what a host would report to its user. */
export class VmfsHostError extends Error {
  readonly reason: 'no-space' | 'not-found' | 'exists' | 'not-empty' | 'wrong-type' | 'invalid';

  constructor(reason: VmfsHostError['reason'], message: string) {
    super(message);
    this.name = 'VmfsHostError';
    this.reason = reason;
  }
}
