import { type ErrorCode, type ErrorDetails, LeewardError } from '@leeward/core';
import { type Sense, senseKey, senseText } from '../../scsi/sense.ts';
import { scsiStatus, statusText } from '../../scsi/status.ts';
import type { ScsiOutcome } from './scsi-task.ts';

/** What an error says about the command and its device. */
export interface CommandPlace {
  readonly target: string;
  readonly lun: number;
  readonly initiator: string;
  readonly command: string;
  readonly offsetBytes?: number;
  readonly lengthBytes?: number;
}

const code = (sense: Sense) => (sense.asc << 8) | sense.ascq;
const lunNotSupported = 0x2500;
const beyondEnd = 0x2100;
const invalidOperation = 0x2000;
const mediumAbsent = 0x3a;

/** The device does not know the command. */
export class UnsupportedCommand extends Error {}

/**
 * Returns when the command was carried out; throws an error of the catalogue otherwise, or `UnsupportedCommand`.
 * `isKnown` tells whether the LUN was there before: then it is gone, else it never was mapped.
 */
export function judgeOutcome(outcome: ScsiOutcome, place: CommandPlace, isKnown: boolean): void {
  const { status, sense } = outcome;
  const fail = (name: ErrorCode, answer: string): LeewardError =>
    new LeewardError(name, details(place, answer));
  switch (status) {
    case scsiStatus.good:
    case scsiStatus.conditionMet:
      return;
    case scsiStatus.busy:
    case scsiStatus.taskSetFull:
    case scsiStatus.taskAborted:
    case scsiStatus.acaActive:
      throw fail('L-BLK-208', statusText(status));
    case scsiStatus.reservationConflict:
      throw fail('L-BLK-207', statusText(status));
    case scsiStatus.checkCondition:
      break;
    default:
      throw fail('L-BLK-206', statusText(status));
  }
  const answer = senseText(sense);
  if (!sense) throw fail('L-BLK-211', answer);
  const gone: ErrorCode = isKnown ? 'L-BLK-202' : 'L-BLK-201';
  switch (sense.key) {
    case senseKey.recovered:
    case senseKey.noSense:
      return;
    case senseKey.unitAttention:
    case senseKey.abortedCommand:
      throw fail('L-BLK-211', answer);
    case senseKey.notReady:
      throw fail(sense.asc === mediumAbsent ? gone : 'L-BLK-208', answer);
    case senseKey.mediumError:
    case senseKey.dataProtect:
      throw fail('L-BLK-205', answer);
    case senseKey.hardwareError:
      // Also what controllers say while they fail over: worth another try, within the bound.
      throw fail('L-BLK-208', answer);
    default:
      if (code(sense) === lunNotSupported) throw fail(gone, answer);
      if (code(sense) === beyondEnd) throw fail('L-BLK-205', answer);
      if (code(sense) === invalidOperation) throw new UnsupportedCommand(answer);
      throw fail('L-BLK-206', answer);
  }
}

function details(place: CommandPlace, answer: string): ErrorDetails {
  return { ...place, answer };
}
