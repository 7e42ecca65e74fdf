import type { Answer } from '../link/link-server.ts';
import { LinkServer } from '../link/link-server.ts';
import { StoreFull } from '../storage/chunk-store.ts';
import {
  type HostLunFacts,
  type HostRefusalCode,
  type HostRequest,
  hostBatchBytes,
  hostRequestSchema,
} from './host-protocol.ts';
import type { ExportedLun, LunDirectory } from './lun-directory.ts';

class HostRefusal extends Error {
  readonly code: HostRefusalCode;

  constructor(code: HostRefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

interface Host {
  readonly initiatorName: string;
}

/**
 * Where simulated hosts read and write their LUNs: the same masking as over iSCSI, asked anew for every request,
 * and no counting, as these bytes are not those of a proxy. Requests of one host act in the order of their coming.
 */
export class HostDoor extends LinkServer<Host, HostRequest> {
  constructor(deps: { readonly token: string; readonly directory: LunDirectory }) {
    super({
      parse: (request) => hostRequestSchema.safeParse(request).data,
      admit: (request) =>
        request.method === 'hello' && request.token === deps.token
          ? { initiatorName: request.initiatorName }
          : undefined,
      answer: async (host, request, body) => answer(deps.directory, host, request, body),
      refusal: (error) => ({
        code: error instanceof HostRefusal ? error.code : 'failed',
        message: error instanceof Error ? error.message : 'failed',
      }),
    });
  }
}

function answer(directory: LunDirectory, host: Host, request: HostRequest, body: Buffer): Answer {
  switch (request.method) {
    case 'hello':
      return { result: {} };
    case 'luns':
      return {
        result: directory
          .targets()
          .flatMap((target) =>
            (directory.luns(target, host.initiatorName) ?? []).map((lun) => factsOf(target, lun)),
          ),
      };
    case 'read': {
      const { lengthBytes } = request;
      const lun = lunOf(directory, host, request, lengthBytes);
      const target = Buffer.alloc(lengthBytes);
      lun.read(request.offsetBytes, target);
      return { result: {}, body: target };
    }
    case 'write': {
      const lun = lunOf(directory, host, request, body.length);
      if (!lun.writable) throw new HostRefusal('write-protected', `LUN ${request.lun} is write-protected`);
      try {
        lun.write(request.offsetBytes, body);
      } catch (error) {
        if (error instanceof StoreFull) throw new HostRefusal('no-space', error.message);
        throw error;
      }
      return { result: {} };
    }
  }
}

interface Range {
  readonly target: string;
  readonly lun: number;
  readonly offsetBytes: number;
}

function lunOf(directory: LunDirectory, host: Host, range: Range, lengthBytes: number): ExportedLun {
  const { target, lun: number, offsetBytes } = range;
  const lun = directory.luns(target, host.initiatorName)?.find((one) => one.lun === number);
  if (!lun) throw new HostRefusal('not-mapped', `LUN ${number} of ${target} is not mapped to this host`);
  if (lengthBytes > hostBatchBytes || offsetBytes + lengthBytes > lun.sizeBytes())
    throw new HostRefusal('out-of-range', `${lengthBytes} bytes at ${offsetBytes} are outside of the LUN`);
  return lun;
}

function factsOf(target: string, lun: ExportedLun): HostLunFacts {
  const { vendor, product, revision, serial, naa, eui, blockBytes, writable } = lun;
  const scsiName = naa ? `naa.${naa}` : `eui.${eui ?? serial}`;
  const facts = { target, lun: lun.lun, vendor, product, revision, serial, scsiName, blockBytes, writable };
  return { ...facts, sizeBytes: lun.sizeBytes() };
}
