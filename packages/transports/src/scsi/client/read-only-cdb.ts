const make = Symbol('make');

/**
 * A command descriptor block of 16 bytes that cannot change anything on a device. Only this file can make one,
 * and it knows no command that writes, formats, reserves or unmaps: reading is all that an initiator of Leeward
 * can do.
 */
export class ReadOnlyCdb {
  /** In plain words, for errors. */
  readonly name: string;
  readonly bytes: Uint8Array;

  private constructor(token: typeof make, name: string, bytes: Uint8Array) {
    if (token !== make) throw new TypeError('a command that may not be sent');
    this.name = name;
    this.bytes = bytes;
  }

  static [make](name: string, bytes: Uint8Array): ReadOnlyCdb {
    return new ReadOnlyCdb(make, name, bytes);
  }
}

/** Every operation code (and service action) that there is. */
const operation = {
  testUnitReady: 0x00,
  inquiry: 0x12,
  readCapacity10: 0x25,
  read10: 0x28,
  read16: 0x88,
  serviceActionIn16: 0x9e,
  reportLuns: 0xa0,
} as const;
const serviceAction = { readCapacity16: 0x10, getLbaStatus: 0x12 } as const;

function block(operationCode: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes[0] = operationCode;
  return bytes;
}

export function testUnitReady(): ReadOnlyCdb {
  return ReadOnlyCdb[make]('TEST UNIT READY', block(operation.testUnitReady));
}

/** Standard data, or the vital product data of `page`. */
export function inquiry(page: number | undefined, allocationBytes: number): ReadOnlyCdb {
  const bytes = block(operation.inquiry);
  if (page !== undefined) {
    bytes[1] = 1;
    bytes[2] = page;
  }
  bytes.writeUInt16BE(allocationBytes, 3);
  return ReadOnlyCdb[make]('INQUIRY', bytes);
}

export function readCapacity10(): ReadOnlyCdb {
  return ReadOnlyCdb[make]('READ CAPACITY(10)', block(operation.readCapacity10));
}

export function readCapacity16(allocationBytes: number): ReadOnlyCdb {
  const bytes = block(operation.serviceActionIn16);
  bytes[1] = serviceAction.readCapacity16;
  bytes.writeUInt32BE(allocationBytes, 10);
  return ReadOnlyCdb[make]('READ CAPACITY(16)', bytes);
}

export function getLbaStatus(startBlock: number, allocationBytes: number): ReadOnlyCdb {
  const bytes = block(operation.serviceActionIn16);
  bytes[1] = serviceAction.getLbaStatus;
  bytes.writeBigUInt64BE(BigInt(startBlock), 2);
  bytes.writeUInt32BE(allocationBytes, 10);
  return ReadOnlyCdb[make]('GET LBA STATUS', bytes);
}

export function reportLuns(allocationBytes: number): ReadOnlyCdb {
  const bytes = block(operation.reportLuns);
  bytes.writeUInt32BE(allocationBytes, 6);
  return ReadOnlyCdb[make]('REPORT LUNS', bytes);
}

/** READ(16), or READ(10) for devices that know no 16-byte commands. */
export function read(startBlock: number, blocks: number, sixteen: boolean): ReadOnlyCdb {
  if (!sixteen) {
    const bytes = block(operation.read10);
    bytes.writeUInt32BE(startBlock, 2);
    bytes.writeUInt16BE(blocks, 7);
    return ReadOnlyCdb[make]('READ(10)', bytes);
  }
  const bytes = block(operation.read16);
  bytes.writeUInt32BE(Math.floor(startBlock / 2 ** 32), 2);
  bytes.writeUInt32BE(startBlock % 2 ** 32, 6);
  bytes.writeUInt32BE(blocks, 10);
  return ReadOnlyCdb[make]('READ(16)', bytes);
}
