import { fs, systemSlot } from '@leeward/formats/vmfs/layout';
import { descriptorAddress } from './addresses.ts';
import { alignment, blockBytes, groupOffset } from './profile.ts';
import type { VolumeState } from './volume-state.ts';

export interface HeaderFacts {
  readonly label: string;
  readonly fsUuid: Buffer;
  readonly volumeUuid: Buffer;
  readonly snapshotId: number;
  readonly createdMs: number;
}

/** Writes the header of the file system and the heartbeat slots, the first of them in use by the host. */
export async function writeFsHeader(state: VolumeState, facts: HeaderFacts): Promise<void> {
  const { profile, space } = state;
  await space.write(fs.headerOffset, fsHeader(state, facts));
  for (let slot = 0; slot < profile.heartbeatSlots; slot++)
    await space.write(fs.heartbeatOffset + slot * profile.heartbeatBytes, heartbeat(state, slot));
}

function fsHeader(state: VolumeState, facts: HeaderFacts): Buffer {
  const { profile } = state;
  const header = Buffer.alloc(512);
  const seconds = Math.floor(facts.createdMs / 1000);
  header.writeUInt32LE(fs.magic, 0x00);
  header.writeUInt32LE(profile.fsMajor, 0x04);
  header[0x08] = profile.fsMinor;
  header.set(facts.fsUuid, 0x09);
  header.writeUInt32LE(profile.configFlags, 0x19);
  header.write(facts.label, 0x1d, 127, 'utf8');
  header.writeUInt32LE(512, 0x9d);
  header.writeBigUInt64LE(BigInt(blockBytes), 0xa1);
  header.writeUInt32LE(seconds, 0xa9);
  header.writeUInt32LE(facts.snapshotId, 0xad);
  header.set(facts.volumeUuid, 0xb1);
  header.writeUInt32LE(facts.snapshotId, 0xc1);
  header.writeUInt32LE(groupOffset, 0xd1);
  header.writeUInt32LE(profile.fdc.clustersPerGroup, 0xd5);
  header.writeUInt32LE(profile.subBlockBytes, 0xd9);
  const place = (slot: number) => BigInt(state.descriptors.table.resourceOffset(slot));
  header.writeBigUInt64LE(place(systemSlot.pb2), 0xe1);
  header.writeUInt32LE(descriptorAddress(profile, systemSlot.pb2), 0xe9);
  header.writeBigUInt64LE(place(systemSlot.sdd), 0x105);
  header.writeUInt32LE(descriptorAddress(profile, systemSlot.sdd), 0x10d);
  header.writeUInt32LE(512, 0x130);
  if (profile.version === 6) writeSix(header);
  return header;
}

function writeSix(header: Buffer): void {
  header.writeUInt32LE(alignment, 0x134);
  header.writeUInt16LE(9, 0x138);
  header.writeUInt16LE(13, 0x13e);
  header.writeUInt16LE(13, 0x140);
  header.writeUInt32LE(blockBytes, 0x144);
}

function heartbeat({ profile, hostUuid, clock }: VolumeState, slot: number): Buffer {
  const bytes = Buffer.alloc(128);
  const isOurs = slot === 0;
  bytes.writeUInt32LE(isOurs ? fs.heartbeatFree + 1 : fs.heartbeatFree, 0);
  bytes.writeBigUInt64LE(BigInt(fs.heartbeatOffset + slot * profile.heartbeatBytes), 4);
  if (!isOurs) return bytes;
  bytes.writeBigUInt64LE(1n, 12);
  bytes.writeBigUInt64LE(BigInt(Math.floor(clock.monotonicMs())) * 1000n, 20);
  bytes.set(hostUuid, 28);
  return bytes;
}
