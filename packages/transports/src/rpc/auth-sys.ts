import { XdrReader } from '../xdr/xdr-reader.ts';
import { XdrWriter } from '../xdr/xdr-writer.ts';
import { authFlavor, type OpaqueAuth } from './rpc-message.ts';

/** AUTH_SYS (RFC 5531, appendix A): who the client says it is. At most 16 further groups. */
export interface SysCredential {
  readonly machineName: string;
  readonly uid: number;
  readonly gid: number;
  readonly gids: readonly number[];
}

const maxGroups = 16;
const maxMachineNameBytes = 255;

export const noAuth: OpaqueAuth = { flavor: authFlavor.none, body: new Uint8Array(0) };

export function encodeSysCredential(credential: SysCredential, stamp: number): OpaqueAuth {
  const writer = new XdrWriter();
  writer.uint32(stamp).string(credential.machineName).uint32(credential.uid).uint32(credential.gid);
  const gids = credential.gids.slice(0, maxGroups);
  writer.uint32(gids.length);
  for (const gid of gids) writer.uint32(gid);
  return { flavor: authFlavor.sys, body: writer.bytes() };
}

/** Throws `XdrError` when the body is not a credential. */
export function decodeSysCredential(body: Uint8Array): SysCredential {
  const reader = new XdrReader(body);
  reader.uint32();
  const machineName = reader.string(maxMachineNameBytes);
  const uid = reader.uint32();
  const gid = reader.uint32();
  const gids = Array.from({ length: reader.length(maxGroups) }, () => reader.uint32());
  return { machineName, uid, gid, gids };
}
