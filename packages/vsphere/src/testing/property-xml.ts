/** Values of properties as XML, the way a vCenter writes them. */
export const xml = {
  string: (text: string) => `<val xsi:type="xsd:string">${text}</val>`,
  boolean: (value: boolean) => `<val xsi:type="xsd:boolean">${value}</val>`,
  ref: (type: string, moId: string) => `<val type="${type}" xsi:type="ManagedObjectReference">${moId}</val>`,
  refs: (type: string, moIds: readonly string[]) =>
    `<val xsi:type="ArrayOfManagedObjectReference">${moIds
      .map(
        (moId) =>
          `<ManagedObjectReference type="${type}" xsi:type="ManagedObjectReference">${moId}</ManagedObjectReference>`,
      )
      .join('')}</val>`,
  object: (type: string, inside: string) => `<val xsi:type="${type}">${inside}</val>`,
  devices: (...devices: readonly string[]) =>
    `<val xsi:type="ArrayOfVirtualDevice">${devices.join('')}</val>`,
  snapshots: (...nodes: readonly string[]) =>
    `<val xsi:type="VirtualMachineSnapshotInfo">${nodes.join('')}</val>`,
  task: (moId: string, state: string, inside = '') =>
    `<val xsi:type="TaskInfo"><key>${moId}</key><task type="Task">${moId}</task><descriptionId>x</descriptionId><state>${state}</state><cancelled>false</cancelled><cancelable>false</cancelable>${inside}</val>`,
} as const;

export const scsiController =
  '<VirtualDevice xsi:type="ParaVirtualSCSIController"><key>1000</key><busNumber>0</busNumber><device>2000</device><hotAddRemove>true</hotAddRemove><sharedBus>noSharing</sharedBus></VirtualDevice>';

/** A flat disk on the first controller; `inside` goes behind the backing's `diskMode`. */
export function flatDisk(unit: number, fileName: string, inside = '', sizeBytes = 1 << 30): string {
  return [
    `<VirtualDevice xsi:type="VirtualDisk"><key>${2000 + unit}</key>`,
    `<deviceInfo><label>Hard disk ${unit + 1}</label><summary>1 GB</summary></deviceInfo>`,
    `<backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName>${fileName}</fileName>`,
    `<datastore type="Datastore">datastore-1</datastore><diskMode>persistent</diskMode>${inside}</backing>`,
    `<controllerKey>1000</controllerKey><unitNumber>${unit}</unitNumber>`,
    `<capacityInKB>${sizeBytes / 1024}</capacityInKB><capacityInBytes>${sizeBytes}</capacityInBytes></VirtualDevice>`,
  ].join('');
}

export function snapshotNode(
  element: 'rootSnapshotList' | 'childSnapshotList',
  moId: string,
  name: string,
  children: readonly string[] = [],
): string {
  return `<${element}><snapshot type="VirtualMachineSnapshot">${moId}</snapshot><vm type="VirtualMachine">vm-1</vm><name>${name}</name><description>d</description><id>1</id><createTime>2026-01-02T03:04:05.123456Z</createTime><state>poweredOn</state><quiesced>false</quiesced>${children.join('')}<replaySupported>false</replaySupported></${element}>`;
}
