import type { ErrorCode } from '@leeward/core';

/** What an ONTAP error code means to us, whatever the request was. */
export const meaningOfCode: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ...pairs('L-ARR-002', ['6691623']),
  ...pairs('L-ARR-005', ['6']),
  ...pairs('L-ARR-009', [
    '4',
    '524601',
    '542797',
    '917505',
    '917525',
    '917927',
    '1638503',
    '1638600',
    '1703954',
    '2621462',
    '5374852',
    '5374875',
    '5374876',
    '5374895',
    '5374922',
  ]),
  ...pairs('L-ARR-014', [
    '65541',
    '65552',
    '65562',
    '393271',
    '524486',
    '917536',
    '1638532',
    '1638537',
    '1638538',
    '6619715',
    '6619720',
    '6620237',
    '6620238',
    '13107405',
    '13107406',
    '13303816',
    '13304159',
  ]),
  ...pairs('L-ARR-014', ['53411921', '53411925']),
  ...pairs('L-ARR-008', ['1115127', '13304144']),
  ...pairs('L-ARR-007', ['918701', '918703', '1638644']),
  ...pairs('L-ARR-018', ['262331']),
  ...pairs('L-ARR-101', ['1638543', '1638555', '1638483', '524615', '1703945']),
  ...pairs('L-ARR-102', ['1638521']),
  ...pairs('L-ARR-104', ['524479', '917775', '524481']),
  ...pairs('L-ARR-105', ['1638461', '1638630']),
]);

/** Codes by which ONTAP says that an object of that name or content exists. */
export const existsCodes: ReadonlySet<string> = new Set([
  '1',
  '525059',
  '917526',
  '1704070',
  '5374023',
  '5374035',
  '5374142',
  '1254207',
  '53411921',
]);

/** Codes by which ONTAP says that what should be deleted is not there. */
export const goneCodes: ReadonlySet<string> = new Set([
  '4',
  '1638600',
  '1638503',
  '542797',
  '917525',
  '1703954',
  '5374852',
  '5374875',
  '5374876',
  '5374895',
  '5374922',
]);

/** The initiator group has LUNs mapped to it. */
export const mappedGroupCodes: ReadonlySet<string> = new Set(['1254213']);

/** The initiator belongs to groups of another kind, or sees the LUN already by another group. */
export const initiatorTakenCodes: ReadonlySet<string> = new Set(['5374732', '5374734', '1254193', '1254324']);

function pairs(meaning: ErrorCode, codes: readonly string[]): [string, ErrorCode][] {
  return codes.map((code) => [code, meaning]);
}
