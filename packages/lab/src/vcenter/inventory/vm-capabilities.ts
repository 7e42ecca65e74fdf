import type { DataObject } from '../soap/value.ts';

const supported = [
  'snapshotOperationsSupported',
  'multipleSnapshotsSupported',
  'snapshotConfigSupported',
  'poweredOffSnapshotsSupported',
  'memorySnapshotsSupported',
  'revertToSnapshotSupported',
  'quiescedSnapshotsSupported',
  'disableSnapshotsSupported',
  'lockSnapshotsSupported',
  'consolePreferencesSupported',
  'cpuFeatureMaskSupported',
  's1AcpiManagementSupported',
  'settingScreenResolutionSupported',
  'toolsAutoUpdateSupported',
  'vmNpivWwnSupported',
  'npivWwnOnNonRdmVmSupported',
  'vmNpivWwnDisableSupported',
  'vmNpivWwnUpdateSupported',
  'swapPlacementSupported',
  'toolsSyncTimeSupported',
  'virtualMmuUsageSupported',
  'diskSharesSupported',
  'bootOptionsSupported',
  'bootRetryOptionsSupported',
  'settingVideoRamSizeSupported',
  'settingDisplayTopologySupported',
  'recordReplaySupported',
  'changeTrackingSupported',
  'multipleCoresPerSocketSupported',
  'hostBasedReplicationSupported',
  'guestAutoLockSupported',
  'memoryReservationLockSupported',
  'featureRequirementSupported',
  'poweredOnMonitorTypeChangeSupported',
  'seSparseDiskSupported',
  'nestedHVSupported',
  'vPMCSupported',
  'diskOnlySnapshotOnSuspendedVMSupported',
] as const;

const missing: readonly string[] = [
  'recordReplaySupported',
  'toolsAutoUpdateSupported',
  'lockSnapshotsSupported',
];

/** `VirtualMachine.capability` of a current VM on a current host. */
export function capabilities(): DataObject {
  const values = supported.map((name) => [name, !missing.includes(name)] as const);
  return { $type: 'VirtualMachineCapability', ...Object.fromEntries(values) };
}
