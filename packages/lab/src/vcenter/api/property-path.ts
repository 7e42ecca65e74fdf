import { isSimple, type Member, membersOf, typeEntry } from '../schema/type-table.ts';
import type { VersionRank } from '../schema/versions.ts';
import { VimFault } from '../soap/fault.ts';
import { isDataObject, type Value } from '../soap/value.ts';

interface Step {
  readonly name: string;
  readonly key: string | undefined;
}

/** A property path of a managed type, checked against the schema. */
export interface PropertyPath {
  readonly text: string;
  readonly property: string;
  readonly steps: readonly Step[];
  /** How the value at the end is declared. */
  readonly declared: Member;
}

/** Throws InvalidProperty when the path does not exist in the version that the client speaks. */
export function resolvePath(type: string, text: string, version: VersionRank): PropertyPath {
  const invalid = () => new VimFault('InvalidProperty', { name: text }, '');
  const steps = text.split(/\.(?![^[]*\])/).map((part): Step => {
    const match = /^(\w+)(?:\["?([^"\]]+)"?\])?$/.exec(part);
    if (!match?.[1]) throw invalid();
    return { name: match[1], key: match[2] };
  });
  let owner: string | undefined = type;
  let declared: Member | undefined;
  let isOpen = false;
  for (const step of steps) {
    if (owner === undefined || declared?.isArray) throw invalid();
    const found: Member | undefined = (isOpen ? [owner, ...subtypesOf(owner)] : [owner])
      .flatMap((each) => membersOf(each))
      .find((member) => member.name === step.name && member.since <= version);
    if (!found) throw invalid();
    if (step.key !== undefined) {
      if (!found.isArray) throw invalid();
      isOpen = true;
    }
    declared = step.key === undefined ? found : { ...found, isArray: false };
    owner = found.form === 'data' && !isSimple(found.type) ? found.type : undefined;
  }
  const property = steps[0]?.name;
  if (!declared || property === undefined) throw invalid();
  return { text, property, steps, declared };
}

/** Follows the path below the property's value; undefined when something on the way is unset. */
export function valueAt(path: PropertyPath, property: Value): Value {
  let value: Value = property;
  for (const [index, step] of path.steps.entries()) {
    if (index > 0) value = value !== undefined && isMembered(value) ? value[step.name] : undefined;
    if (step.key !== undefined)
      value = Array.isArray(value)
        ? value.find((item) => item !== undefined && isMembered(item) && String(item['key']) === step.key)
        : undefined;
  }
  return value;
}

function isMembered(value: Value) {
  return isDataObject(value);
}

/** Elements picked by key may be of any subtype of what is declared. */
function subtypesOf(type: string): string[] {
  return openTypes.get(type) ?? [];
}

const openTypes: ReadonlyMap<string, string[]> = new Map(
  Object.entries({
    VirtualDevice: ['VirtualDisk', 'VirtualController', 'VirtualSCSIController', 'VirtualEthernetCard'],
    VirtualDeviceBackingInfo: ['VirtualDiskFlatVer2BackingInfo', 'VirtualDiskRawDiskMappingVer1BackingInfo'],
  }).filter(([, names]) => names.every((name) => typeEntry(name))),
);
