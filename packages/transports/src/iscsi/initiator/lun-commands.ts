import { type Clock, LeewardError, retry } from '@leeward/core';
import { type Capacity, parseCapacity10, parseCapacity16 } from '../../scsi/client/capacity.ts';
import { parseDeviceNames } from '../../scsi/client/device-identification.ts';
import {
  parseBlockLimits,
  parseSerialNumber,
  parseStandardInquiry,
  parseSupportedPages,
} from '../../scsi/client/inquiry-data.ts';
import { type BlockRange, parseLbaStatus } from '../../scsi/client/lba-status.ts';
import { parseLunList } from '../../scsi/client/lun-list.ts';
import {
  getLbaStatus,
  inquiry,
  type ReadOnlyCdb,
  readCapacity10,
  readCapacity16,
  reportLuns,
  testUnitReady,
} from '../../scsi/client/read-only-cdb.ts';
import { ScsiDataError } from '../../scsi/client/scsi-data-error.ts';
import { encodeLun } from '../../scsi/lun.ts';
import type { IscsiConnection } from './iscsi-connection.ts';
import { judgeOutcome, UnsupportedCommand } from './judge-outcome.ts';
import type { LunFacts, LunIdentity } from './lun-facts.ts';

/** A LUN on one session. */
export interface LunPlace {
  readonly connection: IscsiConnection;
  readonly target: string;
  readonly initiator: string;
  readonly lun: number;
  /** It was there before: when it is missing now, it is gone. */
  readonly isKnown: boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

const inquiryBytes = 252;
const identificationBytes = 4_096;
const maxLunListBytes = 8 + 8 * 16_384;
/** Every session starts with some, and mapping changes add more. */
const attentions = { attempts: 32, firstDelayMs: 1, maxDelayMs: 500 };

/** Waits until the unit attentions of a new session are through, then asks the LUN all that a reader must know. */
export async function learnLun(place: LunPlace): Promise<LunFacts> {
  const standard = parsed(
    place,
    () => run(place, inquiry(undefined, inquiryBytes), inquiryBytes),
    parseStandardInquiry,
  );
  const { qualifier, deviceType, vendor, product, revision } = await standard;
  const details = { target: place.target, lun: place.lun, initiator: place.initiator };
  if (qualifier !== 0) {
    const answer = `peripheral qualifier ${qualifier}`;
    throw new LeewardError(place.isKnown ? 'L-BLK-202' : 'L-BLK-201', { ...details, answer });
  }
  if (deviceType !== 0)
    throw new LeewardError('L-BLK-210', { ...details, problem: `its device type is ${deviceType}` });
  await run(place, testUnitReady(), 0);
  const pages = (await page(place, 0x00, parseSupportedPages)) ?? new Set<number>();
  const serial = pages.has(0x80) ? await page(place, 0x80, parseSerialNumber) : undefined;
  const names = pages.has(0x83) ? await page(place, 0x83, parseDeviceNames) : undefined;
  const limits = pages.has(0xb0) ? await page(place, 0xb0, parseBlockLimits) : undefined;
  const identity: LunIdentity = {
    vendor,
    product,
    revision,
    serial,
    naa: names?.naa,
    eui: names?.eui,
    t10: names?.t10,
  };
  const { capacity, sixteen } = await learnCapacity(place);
  if (capacity.protectionType !== 0) {
    // Without RDPROTECT a device checks the information itself and sends plain blocks.
    if (capacity.blockBytes > 4096)
      throw new LeewardError('L-BLK-210', { ...details, problem: 'protected blocks above 4,096 bytes' });
  }
  const maxReadBytes = limits?.maxTransferBlocks ? limits.maxTransferBlocks * capacity.blockBytes : undefined;
  return { identity, capacity, maxReadBytes, sixteen };
}

/** The LUNs that the target shows to this initiator. `place.lun` may be any. */
export async function listLuns(place: LunPlace): Promise<readonly number[]> {
  const first = await parsed(place, () => run(place, reportLuns(4096), 4096), parseLunList);
  if (first.neededBytes <= 4096) return first.luns;
  const bytes = Math.min(first.neededBytes, maxLunListBytes);
  return (await parsed(place, () => run(place, reportLuns(bytes), bytes), parseLunList)).luns;
}

/** What is provisioned from `startBlock` on; at least one range. */
export function askLbaStatus(place: LunPlace, startBlock: number): Promise<BlockRange[]> {
  const allocationBytes = 8 + 16 * 256;
  return parsed(
    place,
    () => run(place, getLbaStatus(startBlock, allocationBytes), allocationBytes),
    (bytes) => parseLbaStatus(bytes, startBlock),
  );
}

async function learnCapacity(place: LunPlace): Promise<{ capacity: Capacity; sixteen: boolean }> {
  try {
    const capacity = await parsed(place, () => run(place, readCapacity16(32), 32), parseCapacity16);
    return { capacity, sixteen: true };
  } catch (error) {
    if (!(error instanceof UnsupportedCommand)) throw error;
    const capacity = await parsed(place, () => run(place, readCapacity10(), 8), parseCapacity10);
    return { capacity, sixteen: false };
  }
}

/** A page of vital product data, `undefined` where the device refuses it. */
async function page<T>(
  place: LunPlace,
  code: number,
  parse: (bytes: Uint8Array) => T,
): Promise<T | undefined> {
  const bytes = code === 0x83 ? identificationBytes : inquiryBytes;
  try {
    return await parsed(place, () => run(place, inquiry(code, bytes), bytes), parse);
  } catch (error) {
    const refused =
      error instanceof UnsupportedCommand || (error instanceof LeewardError && error.code === 'L-BLK-206');
    if (refused) return undefined;
    throw error;
  }
}

async function parsed<T>(
  place: LunPlace,
  ask: () => Promise<Uint8Array>,
  parse: (bytes: Uint8Array) => T,
): Promise<T> {
  const bytes = await ask();
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof ScsiDataError)) throw error;
    throw new LeewardError(
      'L-BLK-210',
      { target: place.target, lun: place.lun, problem: error.message },
      error,
    );
  }
}

/** The data of a command, as much as came; unit attentions and busy answers are waited out. */
async function run(place: LunPlace, cdb: ReadOnlyCdb, allocationBytes: number): Promise<Uint8Array> {
  const { connection, target, initiator, lun, isKnown, clock, signal } = place;
  const request = { lun: encodeLun(lun), cdb, target: Buffer.alloc(allocationBytes) };
  const answer = await retry(clock, { ...attentions, signal }, async () => {
    // Only what the device says is waited out here; a lost session is not: it is of no use any more.
    const outcome = await connection.execute(request, signal).catch((failure: unknown) => ({ failure }));
    if ('failure' in outcome) return outcome;
    judgeOutcome(outcome, { target, initiator, lun, command: cdb.name }, isKnown);
    return request.target.subarray(0, outcome.receivedBytes);
  });
  if ('failure' in answer) throw answer.failure;
  return answer;
}
