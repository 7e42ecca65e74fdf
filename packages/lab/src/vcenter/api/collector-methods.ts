import type { Entity } from '../inventory/entity.ts';
import { isSubtype } from '../schema/type-table.ts';
import { invalidArgument, noPermission, notAuthenticated, notFound } from '../soap/fault.ts';
import { type DataObject, isDataObject, Ref, type Value } from '../soap/value.ts';
import { hasPrivilege } from './authorization.ts';
import { type Call, flag, list, type Methods, number, ref, requireSession, text } from './call.ts';
import { ObjectReader, objectContent } from './object-reader.ts';
import { PropertyCollector } from './property-collector.ts';
import { filterSpec } from './property-specs.ts';
import type { Session } from './sessions.ts';

const defaultCollector = 'propertyCollector';

/** Methods of PropertyCollector, PropertyFilter, ViewManager and View. */
export const collectorMethods: Methods = {
  RetrievePropertiesEx: (call) => {
    const options = call.args['options'];
    const asked = options !== undefined && isDataObject(options) ? number(options['maxObjects']) : undefined;
    const objects = retrieve(call);
    return page(call, objects, Math.min(asked && asked > 0 ? asked : Infinity, call.world.config.pageLimit));
  },
  RetrieveProperties: (call) => retrieve(call),
  Fetch: (call) => {
    const path = text(call.args['prop']);
    const object = new ObjectReader(call.world, call.session, call.version).fetch(call.target, path);
    const fault = object.missing[0]?.['fault'];
    if (fault !== undefined && isDataObject(fault))
      throw call.session ? noPermission(call.target, 'System.Read') : notAuthenticated(call.target);
    return object.values.get(path);
  },
  ContinueRetrievePropertiesEx: (call) => {
    const session = requireSession(call);
    const token = text(call.args['token']);
    const rest = session.pages.get(token);
    if (!rest) throw invalidArgument('token');
    session.pages.delete(token);
    return page(call, rest, Number(token.split('-')[1]));
  },
  CancelRetrievePropertiesEx: (call) => {
    if (!requireSession(call).pages.delete(text(call.args['token']))) throw invalidArgument('token');
    return undefined;
  },
  CreateFilter: (call) => {
    const session = requireSession(call);
    const collector = collectorOf(call, session);
    const filter = collector.createFilter(filterSpec(call.args['spec'], call.version), call.version);
    const spec = call.args['spec'];
    session.objects.set(filter.key, {
      ref: filter,
      collector,
      properties: { spec: () => spec, partialUpdates: () => flag(call.args['partialUpdates']) },
      close: () => collector.destroyFilter(filter),
    });
    return filter;
  },
  DestroyPropertyFilter: (call) => destroy(call),
  CreatePropertyCollector: (call) => {
    const session = requireSession(call);
    const made = new Ref('PropertyCollector', `session[${session.key}]52${call.world.randomness.uuid()}`);
    return registerCollector(call, session, made).ref;
  },
  DestroyPropertyCollector: (call) => destroy(call),
  WaitForUpdatesEx: (call) => {
    const options = call.args['options'];
    const given = options !== undefined && isDataObject(options) ? options : undefined;
    return waitFor(
      call,
      given ? number(given['maxWaitSeconds']) : undefined,
      number(given?.['maxObjectUpdates']),
    );
  },
  WaitForUpdates: (call) => waitFor(call, undefined, undefined),
  CheckForUpdates: (call) => waitFor(call, 0, undefined),
  CancelWaitForUpdates: (call) => {
    collectorOf(call, requireSession(call)).cancelWait();
    return undefined;
  },
  CreateContainerView: (call) => {
    const session = requireSession(call);
    const container = ref(call.args['container']);
    const entity = container ? call.world.entity(container) : undefined;
    if (!container || !entity) throw notFound(container ?? call.target);
    const types = list(call.args['type']).map(text);
    const recursive = flag(call.args['recursive']);
    const view = () => viewed(session, entity, types, recursive).map((each) => each.ref);
    const made = new Ref('ContainerView', `session[${session.key}]52${call.world.randomness.uuid()}`);
    session.objects.set(made.key, {
      ref: made,
      properties: {
        view,
        container: () => container,
        type: () => types,
        recursive: () => recursive,
      },
      close: () => undefined,
    });
    return made;
  },
  DestroyView: (call) => destroy(call),
};

function retrieve(call: Call): DataObject[] {
  const reader = new ObjectReader(call.world, call.session, call.version);
  return list(call.args['specSet'])
    .map((spec) => filterSpec(spec, call.version))
    .flatMap((spec) => reader.read(spec).objects.map(objectContent));
}

function page(call: Call, objects: readonly DataObject[], size: number): Value {
  if (objects.length === 0) return undefined;
  const rest = objects.slice(size);
  let token: string | undefined;
  if (rest.length > 0 && call.session) {
    token = `${call.world.newId()}-${size}`;
    call.session.pages.set(token, rest);
  }
  return { $type: 'RetrieveResult', token, objects: objects.slice(0, size) };
}

function collectorOf(call: Call, session: Session): PropertyCollector {
  const known = session.objects.get(call.target.key)?.collector;
  if (known) return known;
  if (call.target.id !== defaultCollector) throw notFound(call.target);
  return registerCollector(call, session, call.target);
}

function registerCollector(call: Call, session: Session, made: Ref): PropertyCollector {
  const collector = new PropertyCollector(made, call.world, session);
  session.objects.set(made.key, {
    ref: made,
    collector,
    properties: { filter: () => collector.filters },
    close: () => collector.cancelWait(),
  });
  return collector;
}

function waitFor(call: Call, maxWaitSeconds: number | undefined, maxObjectUpdates: number | undefined) {
  const collector = collectorOf(call, requireSession(call));
  return collector.wait(text(call.args['version']), {
    maxWaitMs: maxWaitSeconds === undefined ? undefined : maxWaitSeconds * 1000,
    maxObjectUpdates: Math.min(maxObjectUpdates || Infinity, call.world.config.pageLimit),
    signal: call.signal,
  });
}

function destroy(call: Call): undefined {
  const session = requireSession(call);
  const object = session.objects.get(call.target.key);
  if (!object) throw notFound(call.target);
  object.close();
  session.objects.delete(call.target.key);
}

/** Entities below the container; without `recursive` only its children. Objects without System.View are left out. */
function viewed(session: Session, container: Entity, types: readonly string[], recursive: boolean): Entity[] {
  const all = recursive ? [...container.below()] : container.children;
  return all.filter(
    (entity) =>
      (types.length === 0 || types.some((type) => isSubtype(entity.ref.type, type))) &&
      hasPrivilege(session.account, entity, 'System.View'),
  );
}
