/** The text of a VMFS UUID (16 bytes): the form that datastore URLs have, such as `49edf842-dcb35d37-b383-0021280083cf`. */
export function formatUuid(bytes: Buffer, offset = 0): string {
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const time = hex(bytes.readUInt32LE(offset), 8);
  const stamp = hex(bytes.readUInt32LE(offset + 4), 8);
  const random = hex(bytes.readUInt16LE(offset + 8), 4);
  return `${time}-${stamp}-${random}-${bytes.toString('hex', offset + 10, offset + 16)}`;
}
