/** SCSI status codes (SAM-5, 5.3.1). */
export const scsiStatus = {
  good: 0x00,
  checkCondition: 0x02,
  conditionMet: 0x04,
  busy: 0x08,
  reservationConflict: 0x18,
  taskSetFull: 0x28,
  acaActive: 0x30,
  taskAborted: 0x40,
} as const;

export function statusText(status: number): string {
  const name = Object.entries(scsiStatus).find(([, code]) => code === status)?.[0];
  const words = (name ?? 'unknown').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `status ${words} (0x${status.toString(16).padStart(2, '0')})`;
}
