import { LeewardError } from '@leeward/core';
import type { ReplyOutcome } from '../rpc-message.ts';
import type { RpcCall } from './rpc-call.ts';

/** The catalogue error for a call that the RPC layer of the server did not carry out. */
export function rejection(
  call: Pick<RpcCall<unknown>, 'program' | 'version' | 'name'>,
  outcome: Exclude<ReplyOutcome, { kind: 'success' }>,
  host: string,
): LeewardError {
  const { program, version, name } = call;
  switch (outcome.kind) {
    case 'program-unavailable':
      return new LeewardError('L-NET-104', { host, program, version, answer: 'it has no such program' });
    case 'version-mismatch':
      return new LeewardError('L-NET-104', {
        host,
        program,
        version,
        answer: `it speaks versions ${outcome.low} to ${outcome.high}`,
      });
    case 'auth-error':
      return new LeewardError('L-NET-112', { host, call: name, status: outcome.status });
    default:
      return new LeewardError('L-NET-116', { host, call: name, answer: outcome.kind });
  }
}
