import type { NfsHandle } from './file-system.ts';

const maxRemembered = 1_000;

/**
 * RFC 1813, CREATE EXCLUSIVE: a repeated call (its first answer was lost) is told from a competing one by the
 * verifier that came with it. Remembers the latest ones.
 */
export class ExclusiveCreates {
  readonly #verifiers = new Map<string, string>();

  remember(handle: NfsHandle, verifier: Uint8Array): void {
    this.#verifiers.set(key(handle), key(verifier));
    const oldest = this.#verifiers.keys().next().value;
    if (this.#verifiers.size > maxRemembered && oldest !== undefined) this.#verifiers.delete(oldest);
  }

  isRepetition(handle: NfsHandle, verifier: Uint8Array): boolean {
    return this.#verifiers.get(key(handle)) === key(verifier);
  }
}

function key(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
