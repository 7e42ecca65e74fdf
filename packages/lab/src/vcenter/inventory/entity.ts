import type { Ref, Value } from '../soap/value.ts';

/** Anything that the property collector can read. Only properties of its type's schema are asked for. */
export interface ManagedObject {
  readonly ref: Ref;
  /** The names that have a value at all; others are unset. */
  readonly names: readonly string[];
  read(property: string): Value;
}

type Properties = Readonly<Record<string, () => Value>>;

export function managedObject(ref: Ref, properties: Properties): ManagedObject {
  return { ref, names: Object.keys(properties), read: (property) => properties[property]?.() };
}

/** An object of the inventory tree. */
export class Entity implements ManagedObject {
  readonly ref: Ref;
  /** As typed by users, not escaped. */
  readonly name: string;
  readonly parent: Entity | undefined;
  readonly children: Entity[] = [];
  readonly #properties: Properties;

  /** Becomes a child of `parent`. */
  constructor(ref: Ref, name: string, parent: Entity | undefined, properties: Properties) {
    this.ref = ref;
    this.name = name;
    this.parent = parent;
    this.#properties = {
      parent: () => this.parent?.ref,
      name: () => escapedName(this.name),
      overallStatus: () => 'green',
      configStatus: () => 'green',
      effectiveRole: () => [-1],
      permission: () => [],
      disabledMethod: () => [],
      recentTask: () => [],
      declaredAlarmState: () => [],
      triggeredAlarmState: () => [],
      alarmActionsEnabled: () => true,
      tag: () => [],
      value: () => [],
      availableField: () => [],
      customValue: () => [],
      ...properties,
    };
    parent?.children.push(this);
  }

  get names(): readonly string[] {
    return Object.keys(this.#properties);
  }

  read(property: string): Value {
    return this.#properties[property]?.();
  }

  /** `/DC0/vm/a`: the parts as typed, the root folder left out. */
  get path(): string {
    const above = this.parent?.path;
    return above === undefined ? '/' : `${above === '/' ? '' : above}/${escapedName(this.name)}`;
  }

  *below(): Generator<Entity> {
    for (const child of this.children) {
      yield child;
      yield* child.below();
    }
  }
}

/** `/ \ %` are stored escaped in inventory names. */
export function escapedName(name: string): string {
  return name.replace(/[%/\\]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

export function refsOf(entities: readonly { readonly ref: Ref }[]): Ref[] {
  return entities.map((entity) => entity.ref);
}
