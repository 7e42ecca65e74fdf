/** The only source of randomness; tests inject a seeded one. */
export interface Randomness {
  /** Cryptographically strong in production. */
  bytes(length: number): Uint8Array;
  uuid(): string;
  /** Uniform in [0, 1). Not for secrets. */
  fraction(): number;
}
