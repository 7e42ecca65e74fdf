import { type Sense, senseKey } from '../../scsi/sense.ts';

export const attention = {
  powerOn: { key: senseKey.unitAttention, asc: 0x29, ascq: 0x00 },
  reset: { key: senseKey.unitAttention, asc: 0x29, ascq: 0x03 },
  capacityChanged: { key: senseKey.unitAttention, asc: 0x2a, ascq: 0x09 },
  inquiryChanged: { key: senseKey.unitAttention, asc: 0x3f, ascq: 0x03 },
  lunsChanged: { key: senseKey.unitAttention, asc: 0x3f, ascq: 0x0e },
} as const;

const maxWaiting = 8;

/** Unit attentions of one session by LUN; each LUN begins with the one of a new nexus. */
export class Attentions {
  readonly #waiting = new Map<number, Sense[]>();

  /** Adds one for a LUN that the session has used; others get their first one anyway. */
  raise(lun: number, sense: Sense): void {
    const queue = this.#waiting.get(lun);
    const isThere = queue?.some(({ asc, ascq }) => asc === sense.asc && ascq === sense.ascq);
    if (queue && !isThere && queue.length < maxWaiting) queue.push(sense);
  }

  raiseAll(sense: Sense): void {
    for (const lun of this.#waiting.keys()) this.raise(lun, sense);
  }

  take(lun: number): Sense | undefined {
    const queue = this.#waiting.get(lun);
    if (queue) return queue.shift();
    this.#waiting.set(lun, []);
    return attention.powerOn;
  }
}
