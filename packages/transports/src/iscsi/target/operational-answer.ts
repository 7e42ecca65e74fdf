import { defaultSegmentBytes } from '../pdu/opcodes.ts';
import type { Digests } from '../pdu/pdu-encoder.ts';
import { type KeyPair, textNumber } from '../pdu/text-keys.ts';

/** What the target does about digests. */
export type DigestPolicy = 'allow' | 'forbid' | 'require';

export interface TargetOffer {
  readonly digests: DigestPolicy;
  /** What one PDU to the target may carry at most. */
  readonly maxReceiveBytes: number;
  readonly maxBurstBytes: number;
  readonly firstBurstBytes: number;
}

/** What holds for a session. */
export interface SessionParameters {
  readonly digests: Digests;
  /** What one PDU to the initiator may carry at most. */
  readonly maxSendBytes: number;
  readonly maxBurstBytes: number;
  readonly firstBurstBytes: number;
  readonly immediateData: boolean;
}

const maxSegmentBytes = 0xff_ffff;

/** Keys that declare something and are not answered. */
const declarations = new Set(['InitiatorAlias', 'InitiatorName', 'TargetName', 'SessionType', 'AuthMethod']);

/** The target's side of the operational negotiation: each key is answered once, at once. */
export class OperationalAnswer {
  readonly #offer: TargetOffer;
  #header = false;
  #data = false;
  #maxSendBytes = defaultSegmentBytes;
  #maxBurstBytes: number;
  #firstBurstBytes: number;
  #immediateData = true;

  constructor(offer: TargetOffer) {
    this.#offer = offer;
    this.#maxBurstBytes = Math.min(262_144, offer.maxBurstBytes);
    this.#firstBurstBytes = Math.min(65_536, offer.firstBurstBytes, offer.maxBurstBytes);
  }

  /** Throws `PduError` on values that the protocol does not allow. */
  answer(key: string, value: string): KeyPair[] {
    const text = this.#answerText(key, value);
    return text === undefined ? [] : [[key, text]];
  }

  get parameters(): SessionParameters {
    return {
      digests: { header: this.#header, data: this.#data },
      maxSendBytes: this.#maxSendBytes,
      maxBurstBytes: this.#maxBurstBytes,
      firstBurstBytes: Math.min(this.#firstBurstBytes, this.#maxBurstBytes),
      immediateData: this.#immediateData,
    };
  }

  /** False when a digest is required and was not agreed upon. */
  get satisfied(): boolean {
    return this.#offer.digests !== 'require' || (this.#header && this.#data);
  }

  #answerText(key: string, value: string): string | undefined {
    switch (key) {
      case 'HeaderDigest':
        this.#header = this.#choosesDigest(value);
        return this.#header ? 'CRC32C' : 'None';
      case 'DataDigest':
        this.#data = this.#choosesDigest(value);
        return this.#data ? 'CRC32C' : 'None';
      case 'MaxRecvDataSegmentLength':
        this.#maxSendBytes = textNumber(key, value, 512, maxSegmentBytes);
        return undefined;
      case 'MaxBurstLength':
        this.#maxBurstBytes = Math.min(
          this.#offer.maxBurstBytes,
          textNumber(key, value, 512, maxSegmentBytes),
        );
        return String(this.#maxBurstBytes);
      case 'FirstBurstLength':
        // Never above MaxBurstLength, which may come later: what the initiator offers there is its own affair.
        this.#firstBurstBytes = Math.min(
          this.#offer.firstBurstBytes,
          this.#maxBurstBytes,
          textNumber(key, value, 512, maxSegmentBytes),
        );
        return String(this.#firstBurstBytes);
      case 'ImmediateData':
        this.#immediateData = value === 'Yes';
        return this.#immediateData ? 'Yes' : 'No';
      case 'InitialR2T':
      case 'DataPDUInOrder':
      case 'DataSequenceInOrder':
        return 'Yes';
      case 'MaxConnections':
      case 'MaxOutstandingR2T':
        textNumber(key, value, 1, 65_535);
        return '1';
      case 'DefaultTime2Wait':
        return String(Math.max(0, textNumber(key, value, 0, 3600)));
      case 'DefaultTime2Retain':
      case 'ErrorRecoveryLevel':
        textNumber(key, value, 0, 3600);
        return '0';
      case 'IFMarker':
      case 'OFMarker':
        return 'No';
      case 'IFMarkInt':
      case 'OFMarkInt':
        return 'Irrelevant';
      case 'iSCSIProtocolLevel':
        return '1';
      case 'TaskReporting':
        return 'RFC3720';
      default:
        return declarations.has(key) ? undefined : 'NotUnderstood';
    }
  }

  #choosesDigest(value: string): boolean {
    const offered = value.split(',');
    if (this.#offer.digests === 'forbid' || !offered.includes('CRC32C')) return false;
    const first = offered.find((name) => name === 'CRC32C' || name === 'None');
    return this.#offer.digests === 'require' || first === 'CRC32C';
  }
}
