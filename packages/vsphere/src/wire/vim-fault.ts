import type { TypeName } from '../schema/types.ts';
import { isA, type Ref, type Vim } from '../schema/values.ts';

export interface FaultContext {
  readonly method: string;
  readonly target: Ref;
  readonly operationId: string;
}

/** A fault that vCenter reported, with everything it said. Its text is in the server's language: never match it. */
export class VimFault extends Error {
  readonly fault: Vim<'MethodFault'>;
  readonly context: FaultContext;

  constructor(fault: Vim<'MethodFault'>, text: string, context: FaultContext) {
    super(messagesOf(fault, text).join('; ') || fault.$type);
    this.name = 'VimFault';
    this.fault = fault;
    this.context = context;
  }

  get type(): string {
    return this.fault.$type;
  }

  /** The fault itself and every fault nested in it, outermost first. */
  get chain(): readonly Vim<'MethodFault'>[] {
    return faultChain(this.fault);
  }
}

/** The vCenter fault behind an error of the catalogue, if there is one. */
export function faultBehind(error: unknown): VimFault | undefined {
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 8;
    current = current.cause, depth++
  )
    if (current instanceof VimFault) return current;
  return undefined;
}

/** The fault behind an error as the given type (or a subtype of it), looking at the outermost fault only. */
export function faultAs<Name extends TypeName>(error: unknown, name: Name): Vim<Name> | undefined {
  const fault = faultBehind(error)?.fault;
  return isA(fault, name) ? fault : undefined;
}

function faultChain(fault: Vim<'MethodFault'>, depth = 0): Vim<'MethodFault'>[] {
  if (depth > 16) return [fault];
  const inner = [fault.faultCause, nestedFault(fault)].filter((found) => found !== undefined);
  return [fault, ...inner.flatMap((found) => faultChain(found.fault, depth + 1))];
}

function nestedFault(fault: Vim<'MethodFault'>): Vim<'LocalizedMethodFault'> | undefined {
  if (isA(fault, 'CannotAccessVmDisk')) return fault.fault;
  if (isA(fault, 'SnapshotIncompatibleDeviceInVm')) return fault.fault;
  return undefined;
}

/** Everything readable that a fault says: its text, its messages, its telling properties, those of its causes. */
function messagesOf(fault: Vim<'MethodFault'>, text: string, depth = 0): string[] {
  if (depth > 16) return [];
  const own = [text, ...fault.faultMessage.map(({ message }) => message ?? ''), ...properties(fault)];
  const inner = [fault.faultCause, nestedFault(fault)].filter((found) => found !== undefined);
  const nested = inner.flatMap((found) => messagesOf(found.fault, found.localizedMessage ?? '', depth + 1));
  return [...new Set([...own, ...nested].map((line) => line.trim()).filter((line) => line !== ''))];
}

function properties(fault: Vim<'MethodFault'>): string[] {
  return Object.entries(fault)
    .filter(([name, value]) => !name.startsWith('$') && typeof value === 'string')
    .map(([name, value]) => `${name} ${value}`);
}
