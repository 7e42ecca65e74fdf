import type { FaultPlan } from '../control/fault-plan.ts';
import type { Entity } from '../inventory/entity.ts';
import type { World } from '../inventory/world.ts';
import type { VersionRank } from '../schema/versions.ts';
import { notAuthenticated } from '../soap/fault.ts';
import { Ref, type Value } from '../soap/value.ts';
import type { Session, SessionStore } from './sessions.ts';
import type { TaskRunner } from './tasks.ts';

/** What all methods share. */
export interface Services {
  readonly world: World;
  readonly sessions: SessionStore;
  readonly tasks: TaskRunner;
  readonly faults: FaultPlan;
  readonly tickets: Map<
    string,
    { readonly url: string; readonly method: string; readonly issuedMs?: number }
  >;
  /** Host doors by `address:port`. */
  readonly hostDoors: Map<string, { readonly hostName: string; readonly sslThumbprint: string }>;
}

/** One call of a method, its arguments decoded by the schema. */
export interface Call extends Services {
  readonly method: string;
  readonly target: Ref;
  readonly args: Readonly<Record<string, Value>>;
  readonly version: VersionRank;
  readonly session: Session | undefined;
  readonly client: { readonly address: string; readonly userAgent: string };
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  /** Set by logins: the cookie to answer with. */
  readonly answer: { session?: Session; status?: number };
}

export type Method = (call: Call) => Value | Promise<Value>;
export type Methods = Readonly<Record<string, Method>>;

export function requireSession(call: Call): Session {
  if (!call.session) throw notAuthenticated(call.world.root.ref);
  return call.session;
}

/** The entity on which privileges for a target are checked: itself, the VM of a snapshot, else the root. */
export function entityOf(world: World, target: Ref): Entity {
  const vm = target.type === 'VirtualMachineSnapshot' ? world.vmOfSnapshot(target) : undefined;
  return world.entity(vm?.ref ?? target) ?? world.root;
}

export function text(value: Value): string {
  return typeof value === 'string' ? value : '';
}

export function flag(value: Value, otherwise = false): boolean {
  return typeof value === 'boolean' ? value : otherwise;
}

export function number(value: Value): number | undefined {
  return typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : undefined;
}

export function ref(value: Value): Ref | undefined {
  return value instanceof Ref ? value : undefined;
}

export function list(value: Value): Value[] {
  return Array.isArray(value) ? value : [];
}
