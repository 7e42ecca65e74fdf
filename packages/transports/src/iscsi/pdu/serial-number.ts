/** Serial number arithmetic modulo 2^32 (RFC 1982), as CmdSN, StatSN and their windows need it. */
export function nextSerial(serial: number, by = 1): number {
  return (serial + by) >>> 0;
}

/** How far `later` is ahead of `earlier`: negative when it is behind. */
export function serialDistance(earlier: number, later: number): number {
  return (later - earlier) | 0;
}
