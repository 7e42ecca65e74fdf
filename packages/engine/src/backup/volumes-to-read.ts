import { type ReachProof, rankPorts, type VmPlan } from '@leeward/core';
import type { ReadVmInput, ReadVmVolume } from '../proxy/read-vm.ts';
import { accessesOf, accessKey, type Presented } from './group-state.ts';

/**
 * Where a proxy with these proofs reads a VM: of `presented` (by `accessKey`) what holds its files, with the data ports
 * of each in the order in which the proxy should try them. Each one that is dead costs it a wait at every connection.
 */
export function volumesToRead(
  vm: VmPlan,
  presented: ReadonlyMap<string, Presented>,
  reach: readonly ReachProof[],
): ReadVmInput['volumes'] {
  return accessesOf(vm).flatMap(({ volume, protocol }) => {
    const shown = presented.get(accessKey(volume, protocol));
    return shown ? [{ volume, arrayId: shown.arrayId, presentation: bestPortsFirst(shown, reach) }] : [];
  });
}

function bestPortsFirst(
  { arrayId, presentation }: Presented,
  reach: readonly ReachProof[],
): ReadVmVolume['presentation'] {
  const of = { arraySerial: arrayId, protocol: presentation.protocol };
  if (presentation.protocol === 'iscsi')
    return { ...presentation, portals: rankPorts(presentation.portals, reach, of) };
  const ports = presentation.addresses.map((address) => ({ address }));
  return { ...presentation, addresses: rankPorts(ports, reach, of).map(({ address }) => address) };
}
