import { defaultSegmentBytes } from '../pdu/opcodes.ts';
import type { Digests } from '../pdu/pdu-encoder.ts';
import { type KeyPair, textNumber } from '../pdu/text-keys.ts';

/** `accept` takes it where the target demands it, `offer` where the target has it. */
export type DigestChoice = 'none' | 'accept' | 'offer' | 'require';

export interface DigestChoices {
  readonly header: DigestChoice;
  readonly data: DigestChoice;
}

export interface OperationalWish {
  readonly digests: DigestChoices;
  /** What one PDU from the target may carry at most. */
  readonly maxReceiveBytes: number;
  readonly maxBurstBytes: number;
}

export interface NegotiatedParameters {
  readonly digests: Digests;
  /** What one PDU to the target may carry at most. */
  readonly maxSendBytes: number;
  readonly maxBurstBytes: number;
  /** Target portal group tag, when told. */
  readonly groupTag: number | undefined;
  readonly alias: string | undefined;
}

/** The result of a negotiation that is not what was required. */
export class NoAgreement extends Error {
  readonly key: string;
  readonly value: string;

  constructor(key: string, value: string) {
    super(`${key}=${value}`);
    this.key = key;
    this.value = value;
  }
}

const maxSegmentBytes = 0xff_ffff;
const defaultBurstBytes = 262_144;
const declared = new Set([
  'TargetAlias',
  'TargetAddress',
  'TargetPortalGroupTag',
  'MaxRecvDataSegmentLength',
  'TargetName',
]);
/** What a target may propose by itself, and the only thing that fits a session that never writes. */
const fixedReplies: ReadonlyMap<string, string> = new Map([
  ['InitialR2T', 'Yes'],
  ['ImmediateData', 'No'],
  ['MaxConnections', '1'],
  ['MaxOutstandingR2T', '1'],
  ['DataPDUInOrder', 'Yes'],
  ['DataSequenceInOrder', 'Yes'],
  ['ErrorRecoveryLevel', '0'],
  ['DefaultTime2Retain', '0'],
  ['IFMarker', 'No'],
  ['OFMarker', 'No'],
]);

/** Operational negotiation of a session that only reads: what is offered, what came back, what holds. */
export class OperationalOffer {
  readonly #wish: OperationalWish;
  readonly #keys: Map<string, string>;
  readonly #answers = new Map<string, string>();

  constructor(wish: OperationalWish, isNormal: boolean) {
    this.#wish = wish;
    const burst = String(wish.maxBurstBytes);
    this.#keys = new Map([
      ['HeaderDigest', digestLists[wish.digests.header]],
      ['DataDigest', digestLists[wish.digests.data]],
      ['MaxRecvDataSegmentLength', String(wish.maxReceiveBytes)],
      ['DefaultTime2Wait', '0'],
      ['DefaultTime2Retain', '0'],
      ['ErrorRecoveryLevel', '0'],
    ]);
    if (!isNormal) return;
    const normal: KeyPair[] = [
      ['MaxConnections', '1'],
      ['InitialR2T', 'Yes'],
      ['ImmediateData', 'No'],
      ['MaxBurstLength', burst],
      ['FirstBurstLength', String(Math.min(65_536, wish.maxBurstBytes))],
      ['MaxOutstandingR2T', '1'],
      ['DataPDUInOrder', 'Yes'],
      ['DataSequenceInOrder', 'Yes'],
    ];
    for (const [key, value] of normal) this.#keys.set(key, value);
  }

  keys(): KeyPair[] {
    return [...this.#keys];
  }

  /** Takes what the target declares before the operational stage. */
  note(keys: ReadonlyMap<string, string>): void {
    for (const [key, value] of keys) if (declared.has(key)) this.#answers.set(key, value);
  }

  /** Takes answers and proposals of the target; gives what must be answered to proposals. */
  take(keys: ReadonlyMap<string, string>): KeyPair[] {
    const replies: KeyPair[] = [];
    for (const [key, value] of keys) {
      const isNew = !this.#answers.has(key);
      this.#answers.set(key, value);
      if (!isNew || this.#keys.has(key) || declared.has(key)) continue;
      replies.push([key, fixedReplies.get(key) ?? 'NotUnderstood']);
    }
    return replies;
  }

  result(): NegotiatedParameters {
    const { digests, maxBurstBytes } = this.#wish;
    const group = this.#number('TargetPortalGroupTag', -1, 0, 65_535);
    return {
      digests: {
        header: this.#digest('HeaderDigest', digests.header),
        data: this.#digest('DataDigest', digests.data),
      },
      maxSendBytes: this.#number('MaxRecvDataSegmentLength', defaultSegmentBytes, 512, maxSegmentBytes),
      maxBurstBytes: Math.min(
        maxBurstBytes,
        this.#number('MaxBurstLength', defaultBurstBytes, 512, maxSegmentBytes),
      ),
      groupTag: group < 0 ? undefined : group,
      alias: this.#answers.get('TargetAlias'),
    };
  }

  #digest(key: string, choice: DigestChoice): boolean {
    const value = this.#answers.get(key) ?? 'None';
    const used = value === 'CRC32C';
    if (used && choice === 'none') throw new NoAgreement(key, value);
    if (!used && (choice === 'require' || !['None', 'Reject', 'NotUnderstood', 'Irrelevant'].includes(value)))
      throw new NoAgreement(key, value.slice(0, 40));
    return used;
  }

  #number(key: string, otherwise: number, least: number, most: number): number {
    const value = this.#answers.get(key);
    if (value === undefined || ['Reject', 'NotUnderstood', 'Irrelevant'].includes(value)) return otherwise;
    return textNumber(key, value, least, most);
  }
}

/** In order of preference. */
const digestLists: Readonly<Record<DigestChoice, string>> = {
  none: 'None',
  accept: 'None,CRC32C',
  offer: 'CRC32C,None',
  require: 'CRC32C',
};
