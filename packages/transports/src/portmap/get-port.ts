import { isError, LeewardError } from '@leeward/core';
import { noAuth } from '../rpc/auth-sys.ts';
import type { RpcCall } from '../rpc/client/rpc-call.ts';
import { RpcConnection, type RpcConnectionOptions } from '../rpc/client/rpc-connection.ts';
import { portmapProcedure, portmapProgram, portmapVersion, tcpProtocol } from './portmap2.ts';

export interface Service {
  readonly program: number;
  readonly version: number;
  /** For error texts. */
  readonly name: string;
}

/**
 * Asks the port mapper at `options.host`:`options.port` for a service's TCP port. Throws `L-NET-102` when it
 * does not answer and `L-NET-103` when it does not know the service.
 */
export async function getPort(
  options: Omit<RpcConnectionOptions, 'credential' | 'maxRecordBytes' | 'privilegedPort'>,
  service: Service,
): Promise<number> {
  const { host, port: mapperPort } = options;
  let port: number;
  try {
    port = await ask(options, service);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    if (!isError(error, 'L-NET-101') && !isError(error, 'L-NET-110')) throw error;
    throw new LeewardError('L-NET-102', { host, port: mapperPort, reason: error.details['reason'] }, error);
  }
  if (port === 0) throw new LeewardError('L-NET-103', { host, service: service.name });
  return port;
}

async function ask(
  options: Omit<RpcConnectionOptions, 'credential' | 'maxRecordBytes' | 'privilegedPort'>,
  service: Service,
): Promise<number> {
  const connection = await RpcConnection.open({
    ...options,
    credential: noAuth,
    privilegedPort: 'never',
    maxRecordBytes: 1024,
  });
  try {
    return await connection.call(getPortCall(service), options.signal);
  } finally {
    connection.close();
  }
}

function getPortCall(service: Service): RpcCall<number> {
  return {
    program: portmapProgram,
    version: portmapVersion,
    procedure: portmapProcedure.GETPORT,
    name: 'GETPORT',
    encode: (writer) => writer.uint32(service.program).uint32(service.version).uint32(tcpProtocol).uint32(0),
    decode: (reader) => {
      const port = reader.uint32();
      return port <= 65_535 ? port : 0;
    },
  };
}
