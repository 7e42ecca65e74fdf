import type { DataObject, Ref, Value } from './value.ts';

/** A fault of the API: thrown by methods, answered as a SOAP fault, or stored in a task. */
export class VimFault extends Error {
  readonly type: string;
  readonly properties: Readonly<Record<string, Value>>;

  constructor(type: string, properties: Record<string, Value> = {}, message = '') {
    super(message);
    this.name = type;
    this.type = type;
    this.properties = properties;
  }

  toData(): DataObject {
    return { ...this.properties, $type: this.type, $message: this.message };
  }
}

/** A fault with the reason nested in it, as hosts report theirs through vCenter. */
export function withCause(fault: VimFault, cause: VimFault): VimFault {
  return new VimFault(fault.type, { ...fault.properties, faultCause: cause.toData() }, fault.message);
}

export function notAuthenticated(object: Ref): VimFault {
  return new VimFault(
    'NotAuthenticated',
    { object, privilegeId: 'System.View' },
    'The session is not authenticated.',
  );
}

export function noPermission(object: Ref, privilegeId: string): VimFault {
  return new VimFault(
    'NoPermission',
    {
      object,
      privilegeId,
      missingPrivileges: [
        { $type: 'NoPermissionEntityPrivileges', entity: object, privilegeIds: [privilegeId] },
      ],
    },
    'Permission to perform this operation was denied.',
  );
}

export function notFound(object: Ref): VimFault {
  return new VimFault(
    'ManagedObjectNotFound',
    { obj: object },
    `The object '${object.type === 'Task' ? 'vim.Task' : `vim.${object.type}`}:${object.id}' has already been deleted or has not been completely created`,
  );
}

export function invalidArgument(invalidProperty: string): VimFault {
  return new VimFault(
    'InvalidArgument',
    { invalidProperty },
    `A specified parameter was not correct: ${invalidProperty}`,
  );
}

export function invalidRequest(text: string): VimFault {
  return new VimFault('InvalidRequest', {}, text);
}
