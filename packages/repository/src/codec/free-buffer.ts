/** Smaller ones may be parts of Node's shared pool. */
const ownMemoryBytes = 64 * 1024;

/**
 * Gives the memory of a buffer that a library made for us back at once. The garbage collector sees only the tiny
 * object in front of it and would let hundreds of megabytes pile up. Nobody may use the buffer afterwards.
 */
export function freeBuffer(buffer: Uint8Array): void {
  const memory = buffer.buffer;
  if (memory instanceof ArrayBuffer && memory.byteLength >= ownMemoryBytes) memory.transfer(0);
}
