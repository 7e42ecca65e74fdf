import { type Sense, senseKey } from '../sense.ts';

/** What a command wants done, decided from its bytes alone. Offsets and lengths in bytes, checked. */
export type ScsiAction =
  | { readonly kind: 'done' }
  /** Data for the initiator, cut to the allocation length. */
  | { readonly kind: 'reply'; readonly data: Uint8Array }
  | { readonly kind: 'fail'; readonly sense: Sense }
  | { readonly kind: 'read'; readonly offsetBytes: number; readonly lengthBytes: number }
  | {
      readonly kind: 'write';
      readonly offsetBytes: number;
      readonly lengthBytes: number;
      /** Durable before the status is sent. */
      readonly durable: boolean;
    }
  | { readonly kind: 'flush' }
  | { readonly kind: 'lba-status'; readonly startBlock: number; readonly allocationBytes: number };

export function fail(key: number, asc: number, ascq: number): ScsiAction {
  return { kind: 'fail', sense: { key, asc, ascq } };
}

export const invalidOperation = fail(senseKey.illegalRequest, 0x20, 0x00);
export const invalidField = fail(senseKey.illegalRequest, 0x24, 0x00);
export const beyondEnd = fail(senseKey.illegalRequest, 0x21, 0x00);
export const lunNotSupported = fail(senseKey.illegalRequest, 0x25, 0x00);
export const savingNotSupported = fail(senseKey.illegalRequest, 0x39, 0x00);
export const writeProtected = fail(senseKey.dataProtect, 0x27, 0x00);

export function reply(data: Uint8Array, allocationBytes: number): ScsiAction {
  return { kind: 'reply', data: data.subarray(0, allocationBytes) };
}
