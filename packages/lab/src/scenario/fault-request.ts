/** Where a fault waits: which calls it concerns. */
export type FaultPlace =
  /** Calls of the management interface: REST of an array, SOAP of vCenter. */
  | 'call'
  /** Inside the job of an array, or the task of vCenter, that a call starts. */
  | 'job'
  /** A named step inside an array. */
  | 'step'
  /** Reads of datastore files through vCenter and hosts. */
  | 'file'
  /** NFS calls and SCSI commands at a data port. */
  | 'port'
  /** Nothing: it acts at once. */
  | 'now';

export type FaultDeed =
  | {
      readonly kind: 'refuse';
      readonly status?: number | undefined;
      /** As the system has it: a number of ONTAP, a name of Nimble, a fault type of vCenter, an NFS status, a SCSI sense. */
      readonly code?: string | number | undefined;
      readonly message?: string | undefined;
    }
  | { readonly kind: 'delay'; readonly delayMs: number }
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  | { readonly kind: 'hang'; readonly atPercent?: number | undefined }
  | {
      readonly kind: 'fail';
      readonly atPercent: number;
      readonly code?: string | number | undefined;
      readonly message?: string | undefined;
    }
  | { readonly kind: 'down'; readonly forMs: number; readonly when?: 'before' | 'after' | undefined };

/** One fault, in the same words for every system of a lab. */
export interface FaultRequest {
  readonly place: FaultPlace;
  /** HTTP method, method of the API, NFS procedure or SCSI command. */
  readonly method?: string | undefined;
  /** `*` stands for anything. */
  readonly path?: string | undefined;
  readonly step?: string | undefined;
  /** Address of a data port; for files the door: `vcenter` or a host. */
  readonly port?: string | undefined;
  /** Only calls for this VM (vCenter). */
  readonly vm?: string | undefined;
  readonly nth: number;
  /** Absent: all from the n-th on. */
  readonly times?: number | undefined;
  readonly deed: FaultDeed;
}

/** As the doors take it. */
export function wireFault(kind: 'vcenter' | 'array', request: FaultRequest): object {
  const { place, method, path, step, port, vm, nth, times, deed } = request;
  if (place === 'now') return { at: 'now', action: given({ ...deed, port }) };
  const turns = given({ nth, times });
  const action = given(deed);
  if (kind === 'vcenter') {
    if (place === 'file') return { at: 'file', ...given({ path, origin: port }), ...turns, action };
    return { at: place === 'job' ? 'task' : 'soap', ...given({ method, vm }), ...turns, action };
  }
  if (place === 'port') return { at: 'port', ...given({ port, method, path }), ...turns, action };
  if (place === 'step') return { at: 'step', ...given({ step, path }), ...turns, action };
  return { at: place === 'job' ? 'job' : 'rest', ...given({ method, path }), ...turns, action };
}

/** Without what was left out. */
function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
