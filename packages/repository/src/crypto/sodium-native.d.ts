/** The part of sodium-native that Leeward uses; the package brings no types of its own. */
declare module 'sodium-native' {
  interface Sodium {
    /** Poly1305 of `input` under the 32-byte one-time `key` into the 16 bytes of `out`. */
    crypto_onetimeauth(out: Uint8Array, input: Uint8Array, key: Uint8Array): void;
    /** Whether `mac` is that of `input`, compared in constant time. */
    crypto_onetimeauth_verify(mac: Uint8Array, input: Uint8Array, key: Uint8Array): boolean;
  }
  const sodium: Sodium;
  export default sodium;
}
