/** Names of SCSI commands by operation code, as faults of data ports call them. */
const names: ReadonlyMap<number, string> = new Map([
  [0x00, 'TEST_UNIT_READY'],
  ...[0x08, 0x28, 0x88, 0xa8].map((code) => [code, 'READ'] as const),
  ...[0x0a, 0x2a, 0x8a, 0xaa].map((code) => [code, 'WRITE'] as const),
  [0x12, 'INQUIRY'],
  [0x1a, 'MODE_SENSE'],
  [0x5a, 'MODE_SENSE'],
  [0x25, 'READ_CAPACITY'],
  [0x35, 'SYNCHRONIZE_CACHE'],
  [0x91, 'SYNCHRONIZE_CACHE'],
  [0x41, 'WRITE_SAME'],
  [0x93, 'WRITE_SAME'],
  [0x42, 'UNMAP'],
  [0x89, 'COMPARE_AND_WRITE'],
  [0x9e, 'SERVICE_ACTION_IN'],
  [0xa0, 'REPORT_LUNS'],
  [0xa3, 'MAINTENANCE_IN'],
]);

/** Unknown ones by their code: `0xc1`. */
export function scsiCommandName(operationCode: number): string {
  return names.get(operationCode) ?? `0x${operationCode.toString(16).padStart(2, '0')}`;
}
