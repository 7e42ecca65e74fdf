/** Operation codes that the target carries out. */
export const op = {
  testUnitReady: 0x00,
  requestSense: 0x03,
  read6: 0x08,
  write6: 0x0a,
  inquiry: 0x12,
  modeSense6: 0x1a,
  startStopUnit: 0x1b,
  readCapacity10: 0x25,
  read10: 0x28,
  write10: 0x2a,
  synchronizeCache10: 0x35,
  modeSense10: 0x5a,
  persistentReserveIn: 0x5e,
  read16: 0x88,
  write16: 0x8a,
  synchronizeCache16: 0x91,
  serviceActionIn16: 0x9e,
  reportLuns: 0xa0,
  maintenanceIn: 0xa3,
  read12: 0xa8,
  write12: 0xaa,
} as const;

export const action = { readCapacity16: 0x10, getLbaStatus: 0x12, reportOperationCodes: 0x0c } as const;

/** A command as REPORT SUPPORTED OPERATION CODES tells it: which bits of its bytes are looked at. */
export interface KnownCommand {
  readonly code: number;
  readonly serviceAction?: number;
  /** As hexadecimal, the operation code and service action included. */
  readonly usage: string;
}

export const knownCommands: readonly KnownCommand[] = [
  { code: op.testUnitReady, usage: '000000000000' },
  { code: op.requestSense, usage: '03000000ff00' },
  { code: op.read6, usage: '081fffffff00' },
  { code: op.write6, usage: '0a1fffffff00' },
  { code: op.inquiry, usage: '1201ffffff00' },
  { code: op.modeSense6, usage: '1a08ffffff00' },
  { code: op.startStopUnit, usage: '1b010f0ff700' },
  { code: op.readCapacity10, usage: '25000000000000000000' },
  { code: op.read10, usage: '28f8ffffffff00ffff00' },
  { code: op.write10, usage: '2af8ffffffff00ffff00' },
  { code: op.synchronizeCache10, usage: '3502ffffffff00ffff00' },
  { code: op.modeSense10, usage: '5a18ffff000000ffff00' },
  { code: op.persistentReserveIn, serviceAction: 0, usage: '5e000000000000ffff00' },
  { code: op.persistentReserveIn, serviceAction: 1, usage: '5e010000000000ffff00' },
  { code: op.persistentReserveIn, serviceAction: 2, usage: '5e020000000000ffff00' },
  { code: op.persistentReserveIn, serviceAction: 3, usage: '5e030000000000ffff00' },
  { code: op.read16, usage: '88f8ffffffffffffffffffffffff0000' },
  { code: op.write16, usage: '8af8ffffffffffffffffffffffff0000' },
  { code: op.synchronizeCache16, usage: '9102ffffffffffffffffffffffff0000' },
  { code: op.serviceActionIn16, serviceAction: 0x10, usage: '9e100000000000000000ffffffff0000' },
  { code: op.serviceActionIn16, serviceAction: 0x12, usage: '9e12ffffffffffffffffffffffff0000' },
  { code: op.reportLuns, usage: 'a000ff000000ffffffff0000' },
  { code: op.maintenanceIn, serviceAction: 0x0c, usage: 'a30c87ffffffffffffff0000' },
  { code: op.read12, usage: 'a8f8ffffffffffffffff0000' },
  { code: op.write12, usage: 'aaf8ffffffffffffffff0000' },
];
