/**
 * Gives the memory of a buffer that a library made for us back at once. The garbage collector sees only the tiny
 * object in front of it and would let hundreds of megabytes pile up. The buffer MUST have its memory for itself, and
 * nobody may use it afterwards.
 */
export function freeBuffer(buffer: Uint8Array): void {
  if (buffer.buffer instanceof ArrayBuffer) buffer.buffer.transfer(0);
}

/** The same for a buffer that may lie in Node's shared pool, which stays. */
export function freeLargeBuffer(buffer: Uint8Array): void {
  if (buffer.buffer.byteLength > Buffer.poolSize) freeBuffer(buffer);
}
