import type { RpcProcedure, RpcProgram } from '../rpc/server/rpc-program.ts';
import { RpcServer } from '../rpc/server/rpc-server.ts';
import { portmapProcedure, portmapProgram, portmapVersion, tcpProtocol } from './portmap2.ts';

export interface MappedService {
  readonly program: number;
  readonly version: number;
  readonly port: number;
}

export interface PortMapperOptions {
  readonly address: string;
  /** 0 takes any free port; clients expect 111. */
  readonly port: number;
  readonly services: readonly MappedService[];
}

/** A port mapper (version 2, TCP, read only) for a fixed set of services. The caller closes it. */
export function createPortMapper(options: PortMapperOptions): Promise<RpcServer> {
  const { address, port } = options;
  return RpcServer.listen({
    address,
    port,
    programs: [portMapperProgram(options.services)],
    maxRecordBytes: 4096,
    maxReplyBytes: 4096,
    maxConnections: 64,
  });
}

function portMapperProgram(services: readonly MappedService[]): RpcProgram {
  const getPort: RpcProcedure = async ({ arguments: reader, writer }) => {
    const program = reader.uint32();
    const version = reader.uint32();
    const protocol = reader.uint32();
    reader.uint32();
    // RFC 1833: a program known in another version only is answered with that version's port.
    const known = services.filter((service) => service.program === program && protocol === tcpProtocol);
    const found = known.find((service) => service.version === version) ?? known[0];
    writer.uint32(found?.port ?? 0);
    return undefined;
  };
  const dump: RpcProcedure = async ({ writer }) => {
    for (const { program, version, port } of services)
      writer.boolean(true).uint32(program).uint32(version).uint32(tcpProtocol).uint32(port);
    writer.boolean(false);
    return undefined;
  };
  return {
    program: portmapProgram,
    version: portmapVersion,
    procedures: new Map([
      [portmapProcedure.NULL, async () => undefined],
      [portmapProcedure.GETPORT, getPort],
      [portmapProcedure.DUMP, dump],
    ]),
  };
}
