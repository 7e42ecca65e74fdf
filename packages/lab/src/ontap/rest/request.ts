import type { JsonObject } from '../../json.ts';
import type { OperationContract } from '../contract/schema.ts';
import type { Svm } from '../storage/svm.ts';
import type { World } from '../world.ts';
import { invalidValue } from './rest-error.ts';
import type { Role } from './roles.ts';

export interface Session {
  readonly account: string;
  readonly role: Role;
  /** SVM to which the call is confined: the account's own, or the one of the tunnelling headers. */
  readonly svm: Svm | undefined;
  readonly tunnelled: boolean;
}

/** One call of the REST interface, understood and admitted. */
export interface Call {
  readonly world: World;
  readonly session: Session;
  readonly method: string;
  /** Path as called, with `/api`. */
  readonly path: string;
  readonly operation: OperationContract;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
}

export interface Reply {
  readonly status: number;
  readonly body?: JsonObject;
  readonly location?: string;
}

export type Handler = (call: Call) => Reply | Promise<Reply>;

export interface Route {
  readonly method: string;
  /** Without `/api`, as in the description. */
  readonly path: string;
  readonly handle: Handler;
}

export function param(call: Call, name: string): string {
  return call.params[name] ?? '';
}

/** A boolean argument; clients write `true` as well as `True`. */
export function flag(call: Call, name: string, usual = false): boolean {
  const value = call.query.get(name)?.toLowerCase();
  if (value === undefined) return usual;
  if (value !== 'true' && value !== 'false') throw invalidValue(value, name);
  return value === 'true';
}
