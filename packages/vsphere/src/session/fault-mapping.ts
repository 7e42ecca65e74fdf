import { type ErrorCode, type ErrorDetails, LeewardError } from '@leeward/core';
import type { TypeName } from '../schema/types.ts';
import { isA, type Vim } from '../schema/values.ts';
import type { VimFault } from '../wire/vim-fault.ts';

/** Which error of the catalogue a fault is. The first match counts; subtypes stand before their bases. */
const specific: readonly (readonly [TypeName, ErrorCode])[] = [
  ['InvalidLogin', 'L-VC-102'],
  ['NotAuthenticated', 'L-VC-109'],
  ['NoPermission', 'L-VC-110'],
  ['RestrictedVersion', 'L-VC-111'],
  ['NotEnoughLicenses', 'L-VC-111'],
  ['MethodDisabled', 'L-VC-112'],
  ['InvalidRequest', 'L-VC-113'],
  ['InvalidProperty', 'L-VC-113'],
  ['InvalidArgument', 'L-VC-113'],
  ['InvalidName', 'L-VC-113'],
  ['ManagedObjectNotFound', 'L-VC-202'],
  ['NotFound', 'L-VC-202'],
  ['RequestCanceled', 'L-VC-309'],
  ['ApplicationQuiesceFault', 'L-VC-302'],
  ['FilesystemQuiesceFault', 'L-VC-302'],
  ['SnapshotDisabled', 'L-VC-303'],
  ['SnapshotLocked', 'L-VC-303'],
  ['SnapshotIncompatibleDeviceInVm', 'L-VC-303'],
  ['MultipleSnapshotsNotSupported', 'L-VC-303'],
  ['TooManySnapshotLevels', 'L-VC-303'],
  ['MemorySnapshotOnIndependentDisk', 'L-VC-303'],
  ['NoDiskSpace', 'L-VC-304'],
  ['FileLocked', 'L-VC-305'],
  ['InvalidDatastore', 'L-VC-307'],
  ['HostCommunication', 'L-VC-115'],
  ['TaskInProgress', 'L-VC-116'],
  ['ConcurrentAccess', 'L-VC-116'],
  ['InvalidState', 'L-VC-116'],
  ['ResourceInUse', 'L-VC-116'],
  ['Timedout', 'L-VC-115'],
];

/** Only when nothing nested in the fault says it better. */
const general: readonly (readonly [TypeName, ErrorCode])[] = [
  ['SystemError', 'L-VC-115'],
  ['SnapshotFault', 'L-VC-301'],
  ['FileFault', 'L-VC-306'],
  ['VmConfigFault', 'L-VC-306'],
];

/** A fault as an error of the catalogue, the fault being its cause. `subject` holds what the door knows: host, username. */
export function mapFault(fault: VimFault, subject: ErrorDetails): LeewardError {
  const { method, target, operationId } = fault.context;
  const [found, code] = classify(fault.chain);
  const details: ErrorDetails = {
    ...subject,
    operation: method.replace(/_Task$/, ''),
    object: `${target.type} ${target.moId}`,
    operationId,
    fault: found.$type,
    message: fault.message,
    ...(code === 'L-VC-110' ? permissionDetails(found) : {}),
    ...(isA(found, 'ManagedObjectNotFound') && found.obj
      ? { object: `${found.obj.type} ${found.obj.moId}` }
      : {}),
    ...(isA(found, 'MethodDisabled') ? { source: found.source ?? 'not named' } : {}),
  };
  return new LeewardError(code, details, fault);
}

function classify(chain: readonly Vim<'MethodFault'>[]): readonly [Vim<'MethodFault'>, ErrorCode] {
  for (const rules of [specific, general])
    for (const fault of chain) {
      const rule = rules.find(([type]) => isA(fault, type));
      if (rule) return [fault, rule[1]];
    }
  const [outermost] = chain;
  if (!outermost) throw new Error('a fault has at least itself in its chain');
  return [outermost, 'L-VC-114'];
}

function permissionDetails(fault: Vim<'MethodFault'>): ErrorDetails {
  if (!isA(fault, 'NoPermission')) return {};
  const [first] = fault.missingPrivileges;
  const object = fault.object ?? first?.entity;
  const privilege = fault.privilegeId ?? first?.privilegeIds.join(', ');
  return {
    ...(object ? { object: `${object.type} ${object.moId}` } : {}),
    privilege: privilege ?? 'not named by vCenter',
  };
}
