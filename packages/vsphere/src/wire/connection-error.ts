import { LeewardError } from '@leeward/core';
import { connectionFailureOf } from '@leeward/platform';

/** What went wrong below HTTP, as an error of the catalogue. */
export function connectionError(error: unknown, host: string, port: number): LeewardError {
  if (error instanceof LeewardError) return error;
  const failure = connectionFailureOf(error);
  switch (failure.kind) {
    case 'certificate-changed': {
      const { expectedSha256, seenSha256 } = failure;
      return new LeewardError('L-VC-103', { host, port, expectedSha256, seenSha256 }, error);
    }
    case 'certificate-untrusted':
      return new LeewardError('L-VC-104', { host, port, reason: failure.reason }, error);
    case 'other':
      return new LeewardError('L-VC-101', { host, port, reason: failure.reason }, error);
  }
}
