import { LeewardError } from '@leeward/core';

/** The system's own code of a file system error, such as `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const deniedCodes = new Set(['EACCES', 'EPERM', 'EROFS']);

export function isDiskFull(error: unknown): boolean {
  return fullCodes.has(systemCode(error) ?? '');
}

/** A file system error at `path` of the repository as a catalogue error. */
export function folderError(error: unknown, path: string): LeewardError {
  if (error instanceof LeewardError) return error;
  const code = systemCode(error);
  if (isDiskFull(error)) return new LeewardError('L-REP-107', { path }, error);
  if (code && deniedCodes.has(code)) return new LeewardError('L-REP-108', { path, reason: code }, error);
  const reason = code ?? (error instanceof Error ? error.message : String(error));
  return new LeewardError('L-REP-109', { path, reason }, error);
}
