import { decodeByText } from '../codec/decode.ts';
import { MalformedAnswer } from '../codec/xml-element.ts';
import type { PropertiesOf } from '../schema/properties.ts';
import { isManagedType, type ManagedType, type PathOf, properties } from '../schema/properties.ts';
import { isA, type Ref, type Vim } from '../schema/values.ts';
import type { CallOptions, SessionHandle } from './session-call.ts';

/** Objects asked for per page; vCenter may send fewer. */
const pageSize = 200;

/** What is to be read: paths by managed type. */
export type PropertyRequest = { readonly [M in ManagedType]?: readonly PathOf<M>[] };

/** A property that exists but was not given. Unset properties are not listed here. */
export interface UnreadProperty {
  readonly path: string;
  /** Type of the fault, or `MalformedAnswer`. */
  readonly fault: string;
  /** Named when a privilege is missing. */
  readonly privilege?: string;
}

/** One object with the values read. */
export type ReadObject<M extends ManagedType = ManagedType> = {
  [T in ManagedType]: {
    readonly type: T;
    readonly moId: string;
    readonly values: PropertiesOf<T>;
    readonly unread: readonly UnreadProperty[];
  };
}[M];

/** Reads every object of the requested types below `container`, page by page, within one session. */
export async function readAllBelow(
  handle: SessionHandle,
  container: Ref,
  request: PropertyRequest,
  consume: (object: ReadObject) => void,
  options: CallOptions = {},
): Promise<void> {
  const { viewManager } = handle.content;
  if (!viewManager) throw handle.problem('L-VC-106', { reason: 'it has no view manager' });
  const type = Object.keys(request);
  const view = await handle.call(
    viewManager,
    'CreateContainerView',
    { container, type, recursive: true },
    options,
  );
  try {
    const traversal: Vim<'TraversalSpec'> = {
      $type: 'TraversalSpec',
      name: 'view',
      type: view.type,
      path: 'view',
      skip: false,
      selectSet: [],
    };
    await readPages(
      handle,
      [{ $type: 'ObjectSpec', obj: view, skip: true, selectSet: [traversal] }],
      request,
      consume,
      options,
    );
  } finally {
    await handle.call(view, 'DestroyView', {}, options).catch(() => undefined);
  }
}

/** Reads one object. Throws `L-VC-202` when it is gone. */
export async function readObject<M extends ManagedType>(
  handle: SessionHandle,
  type: M,
  moId: string,
  paths: readonly PathOf<M>[],
  options: CallOptions = {},
): Promise<ReadObject<M>> {
  const found: ReadObject[] = [];
  const request = { [type]: paths };
  const objectSet = [{ $type: 'ObjectSpec', obj: { type, moId }, selectSet: [] }];
  await readPages(handle, objectSet, request, (object) => found.push(object), options);
  const object = found.find((candidate): candidate is ReadObject<M> => isOfType(candidate, type));
  if (object) return object;
  throw handle.problem('L-VC-202', { object: `${type} ${moId}`, operation: 'reading it' });
}

/** Reads several objects by their ids; those that are gone are left out. */
export async function readObjects<M extends ManagedType>(
  handle: SessionHandle,
  type: M,
  moIds: readonly string[],
  paths: readonly PathOf<M>[],
  options: CallOptions = {},
): Promise<ReadObject<M>[]> {
  const found: ReadObject<M>[] = [];
  const consume = (object: ReadObject) => {
    if (isOfType(object, type)) found.push(object);
  };
  for (let at = 0; at < moIds.length; at += pageSize) {
    const objectSet = moIds
      .slice(at, at + pageSize)
      .map((moId): Vim<'ObjectSpec'> => ({ $type: 'ObjectSpec', obj: { type, moId }, selectSet: [] }));
    await readPages(handle, objectSet, { [type]: paths }, consume, { ...options, mayBeGone: true });
  }
  return found;
}

function isOfType<M extends ManagedType>(object: ReadObject, type: M): object is ReadObject<M> {
  return object.type === type;
}

async function readPages(
  handle: SessionHandle,
  objectSet: readonly Vim<'ObjectSpec'>[],
  request: PropertyRequest,
  consume: (object: ReadObject) => void,
  { mayBeGone = false, ...options }: CallOptions & { readonly mayBeGone?: boolean },
): Promise<void> {
  const propSet = Object.entries(request).map(([type, pathSet]) => ({
    $type: 'PropertySpec',
    type,
    pathSet,
  }));
  const collector = handle.content.propertyCollector;
  // Of a view, objects that vanish meanwhile are left out; one asked for by its id is a fault when it is gone.
  const reportMissingObjectsInResults = mayBeGone || objectSet.some(({ skip }) => skip === true);
  const specSet = [{ $type: 'PropertyFilterSpec', propSet, objectSet, reportMissingObjectsInResults }];
  let page = await handle.call(
    collector,
    'RetrievePropertiesEx',
    { specSet, options: { $type: 'RetrieveOptions', maxObjects: pageSize } },
    options,
  );
  while (page) {
    for (const content of page.objects) {
      const object = readContent(content);
      if (object) consume(object);
    }
    const { token } = page;
    page =
      token === undefined
        ? undefined
        : await handle.call(collector, 'ContinueRetrievePropertiesEx', { token }, options);
  }
}

function readContent(content: Vim<'ObjectContent'>): ReadObject | undefined {
  const { type, moId } = content.obj;
  if (!isManagedType(type)) return undefined;
  const values: Record<string, unknown> = {};
  const unread: UnreadProperty[] = [];
  for (const { name, val } of content.propSet) {
    const text = textOf(type, name);
    if (text === undefined || val === undefined) continue;
    try {
      values[name] = decodeByText(val, text);
    } catch (error) {
      if (!(error instanceof MalformedAnswer)) throw error;
      unread.push({ path: name, fault: `MalformedAnswer: ${error.message}` });
    }
  }
  for (const { path, fault } of content.missingSet) {
    const found = fault.fault;
    if (isA(found, 'ManagedObjectNotFound')) return undefined;
    // A path that this version does not have is the same as unset.
    if (isA(found, 'InvalidProperty')) continue;
    const privilege = isA(found, 'NoPermission') ? found.privilegeId : undefined;
    unread.push({ path, fault: found.$type, ...(privilege ? { privilege } : {}) });
  }
  // Each value was decoded by the declared type of its path.
  return { type, moId, values, unread } as ReadObject;
}

function textOf(type: ManagedType, path: string): string | undefined {
  const paths: Readonly<Record<string, string>> = properties[type];
  return Object.hasOwn(paths, path) ? paths[path] : undefined;
}
