import type { AccountConfig } from '../config.ts';
import type { Entity } from '../inventory/entity.ts';
import { noPermission } from '../soap/fault.ts';

const systemPrivileges = ['System.Anonymous', 'System.View', 'System.Read'];

/** The privileges of an account on an entity: those of the nearest permission on it or above it. */
export function privilegesOn(account: AccountConfig, entity: Entity): 'all' | readonly string[] {
  for (let at: Entity | undefined = entity; at; at = at.parent) {
    const permission = account.permissions.find(
      (each) => each.path === at.path && (at === entity || each.propagate),
    );
    if (!permission) continue;
    if (permission.privileges === 'all' || permission.privileges.length === 0) return permission.privileges;
    return [...systemPrivileges, ...permission.privileges];
  }
  return [];
}

export function hasPrivilege(account: AccountConfig, entity: Entity, privilege: string): boolean {
  const granted = privilegesOn(account, entity);
  return granted === 'all' || granted.includes(privilege);
}

/** Throws NoPermission. */
export function demandPrivilege(account: AccountConfig, entity: Entity, privilege: string): void {
  if (!hasPrivilege(account, entity, privilege)) throw noPermission(entity.ref, privilege);
}
