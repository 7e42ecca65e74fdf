import { methodNamed } from '../schema/methods.ts';
import { isSubtype } from '../schema/type-table.ts';
import type { VersionRank } from '../schema/versions.ts';
import { decodeCall } from '../soap/decode.ts';
import { type SoapCall, unresolved } from '../soap/envelope.ts';
import { notAuthenticated, notFound } from '../soap/fault.ts';
import type { Ref, Value } from '../soap/value.ts';
import { demandPrivilege } from './authorization.ts';
import { browserMethods } from './browser-methods.ts';
import { type Call, entityOf, type Methods, type Services } from './call.ts';
import { changedAreasMethods } from './changed-areas-method.ts';
import { collectorMethods } from './collector-methods.ts';
import { searchMethods } from './search-methods.ts';
import { sessionMethods } from './session-methods.ts';
import type { Session } from './sessions.ts';
import { storageMethods } from './storage-methods.ts';
import { vmMethods } from './vm-methods.ts';

const methods: Methods = {
  ...sessionMethods,
  ...collectorMethods,
  ...searchMethods,
  ...vmMethods,
  ...changedAreasMethods,
  ...browserMethods,
  ...storageMethods,
};

/** Managers that are always there without an entry in the inventory. */
const singletons = new Set([
  ...['ServiceInstance:ServiceInstance', 'SessionManager:SessionManager', 'ViewManager:ViewManager'],
  ...['PropertyCollector:propertyCollector', 'SearchIndex:SearchIndex', 'EventManager:EventManager'],
  ...['AuthorizationManager:AuthorizationManager', 'TaskManager:TaskManager'],
]);

export interface Request {
  readonly soap: SoapCall;
  readonly version: VersionRank;
  readonly session: Session | undefined;
  readonly client: Call['client'];
  readonly signal: AbortSignal;
}

/** Checks and runs one call. Throws VimFault. */
export async function dispatch(services: Services, request: Request, answer: Call['answer']): Promise<Value> {
  const { soap, session, version } = request;
  const method = methodNamed(soap.method);
  const run = methods[soap.method];
  if (!method || !run || method.since > version || !isSubtype(soap.target.type, method.owner))
    throw unresolved(soap.method);
  const args = decodeCall(soap.element, method.parameters, version, method.owner);
  const isAnonymous = method.privilege === 'System.Anonymous';
  if (!session && !isAnonymous) throw notAuthenticated(soap.target);
  if (!exists(services, session, soap.target)) throw notFound(soap.target);
  if (session && method.privilege && !isAnonymous && method.privilege !== 'System.View')
    demandPrivilege(session.account, entityOf(services.world, soap.target), method.privilege);
  return run({ ...services, ...request, method: soap.method, target: soap.target, args, answer });
}

function exists(services: Services, session: Session | undefined, target: Ref): boolean {
  return (
    singletons.has(target.key) ||
    session?.objects.has(target.key) === true ||
    services.world.object(target) !== undefined
  );
}
