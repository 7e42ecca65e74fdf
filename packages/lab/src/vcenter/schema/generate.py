"""Writes the tables of this folder (types-*.ts, methods.ts) from pyVmomi's description of the vSphere API.

Usage: python3 generate.py FOLDER. Needs pyvmomi (PyPI) of exactly VERSION; tests/interop compares its output
with the tables checked in, so the simulator's idea of the API is never our own.
"""
import sys
import textwrap
from pathlib import Path

from pyVmomi import VmomiSupport
from pyVmomi import vim as _vim  # the import loads the types

VERSION = '9.1.1.0'
LINE = 132
PARTS = 4
# API versions, oldest first. What is as old as BASE carries no tag in the tables.
VERSIONS = ('2.0 2.5 2.5u2 2.5u2server 4.0 4.1 5.0 5.1 5.5 6.0 6.5 6.7 6.7.1 6.7.2 6.7.3 6.8.7 6.9.1 7.0.0.0 '
            '7.0.0.2 7.0.1.0 7.0.1.1 7.0.2.0 7.0.2.1 7.0.3.0 7.0.3.1 7.0.3.2 8.0.0.0 8.0.0.1 8.0.0.2 8.0.1.0 '
            '8.0.2.0 8.0.3.0 8.0.3.1 9.0.0.0 9.1.0.0 9.1.1.0').split()
BASE = '6.5'

MANAGED = '''ServiceInstance SessionManager PropertyCollector PropertyFilter ViewManager View ManagedObjectView
ContainerView SearchIndex AuthorizationManager TaskManager Task ExtensibleManagedObject ManagedEntity Folder
Datacenter ComputeResource ClusterComputeResource ResourcePool HostSystem HostDatastoreBrowser Datastore
VirtualMachine VirtualMachineSnapshot Network EventManager CustomFieldsManager FileManager
HostStorageSystem HostDatastoreSystem HostNetworkSystem OptionManager VirtualApp StoragePod OpaqueNetwork
DistributedVirtualSwitch VmwareDistributedVirtualSwitch DistributedVirtualPortgroup
Alarm EnvironmentBrowser ExtensionManager LicenseManager UserDirectory'''.split()

METHODS = '''
ServiceInstance.RetrieveServiceContent ServiceInstance.CurrentTime SessionManager.Login SessionManager.Logout
SessionManager.SessionIsActive SessionManager.TerminateSession SessionManager.AcquireGenericServiceTicket
SessionManager.AcquireCloneTicket SessionManager.CloneSession PropertyCollector.RetrievePropertiesEx
PropertyCollector.RetrieveProperties PropertyCollector.ContinueRetrievePropertiesEx
PropertyCollector.CancelRetrievePropertiesEx PropertyCollector.CreateFilter PropertyCollector.WaitForUpdatesEx
PropertyCollector.WaitForUpdates PropertyCollector.CheckForUpdates PropertyCollector.CancelWaitForUpdates
PropertyCollector.CreatePropertyCollector PropertyCollector.DestroyPropertyCollector
PropertyFilter.DestroyPropertyFilter ViewManager.CreateContainerView View.DestroyView
SearchIndex.FindByInventoryPath SearchIndex.FindByUuid SearchIndex.FindAllByUuid SearchIndex.FindChild
SearchIndex.FindByDatastorePath AuthorizationManager.HasPrivilegeOnEntities
AuthorizationManager.HasPrivilegeOnEntity AuthorizationManager.FetchUserPrivilegeOnEntities
VirtualMachine.QueryChangedDiskAreas VirtualMachine.CreateSnapshot_Task VirtualMachine.CreateSnapshotEx_Task
VirtualMachine.RemoveAllSnapshots_Task VirtualMachine.RevertToCurrentSnapshot_Task
VirtualMachine.ConsolidateVMDisks_Task VirtualMachine.ReconfigVM_Task VirtualMachine.PowerOnVM_Task
VirtualMachine.PowerOffVM_Task VirtualMachineSnapshot.RemoveSnapshot_Task
VirtualMachineSnapshot.RevertToSnapshot_Task VirtualMachineSnapshot.RenameSnapshot
HostDatastoreBrowser.SearchDatastore_Task HostDatastoreBrowser.SearchDatastoreSubFolders_Task Task.CancelTask
Datastore.RefreshDatastore EventManager.LogUserEvent HostStorageSystem.RescanAllHba HostStorageSystem.RescanHba
HostStorageSystem.RescanVmfs HostStorageSystem.RefreshStorageSystem
'''.split()

# Types that no property or parameter names because they are subtypes of what is declared.
SUBTYPES = '''
TraversalSpec SelectionSpec UserSession SessionManagerHttpServiceRequestSpec SessionManagerGenericServiceTicket
VirtualMachineWindowsQuiesceSpec DiskChangeInfo HostDatastoreBrowserSearchResults FileInfo VmDiskFileInfo
FolderFileInfo VmConfigFileInfo VmLogFileInfo VmNvramFileInfo VmSnapshotFileInfo VmDiskFileQuery VmConfigFileQuery
FolderFileQuery VmLogFileQuery VmNvramFileQuery VmSnapshotFileQuery VirtualDisk VirtualCdrom VirtualVmxnet3
VirtualMachineVideoCard VirtualKeyboard VirtualPointingDevice VirtualTPM VirtualIDEController VirtualPCIController
VirtualPS2Controller VirtualSIOController VirtualLsiLogicController VirtualLsiLogicSASController
ParaVirtualSCSIController VirtualBusLogicController VirtualAHCIController VirtualNVMEController
VirtualDiskFlatVer2BackingInfo VirtualDiskSeSparseBackingInfo VirtualDiskRawDiskMappingVer1BackingInfo
VirtualCdromRemotePassthroughBackingInfo VirtualEthernetCardNetworkBackingInfo NasDatastoreInfo VmfsDatastoreInfo
VvolDatastoreInfo VsanDatastoreInfo HostNasVolume HostVmfsVolume HostVvolVolume LocalDatastoreInfo
ClusterComputeResourceSummary HostScsiDisk HostInternetScsiHba HostInternetScsiTargetTransport HostTcpHba
TaskReasonUser TaskReasonSystem ElementDescription ClusterConfigInfoEx VirtualMachineConfigSpec LocalizedMethodFault OptionValue
'''.split()

FAULTS = '''
MethodFault RuntimeFault VimFault InvalidLogin InvalidLocale NotAuthenticated NoPermission InvalidRequest
InvalidType MethodNotFound InvalidProperty InvalidArgument ManagedObjectNotFound NotSupported NotImplemented
MethodDisabled RestrictedVersion RequestCanceled SystemError HostCommunication HostNotConnected HostNotReachable
TaskInProgress ConcurrentAccess InvalidState InvalidPowerState InvalidVmState VmConfigFault GenericVmConfigFault
CannotAccessVmDisk CannotAccessVmConfig FileFault FileLocked FileNotFound FileAlreadyExists NoDiskSpace
CannotAccessFile CannotCreateFile CannotDeleteFile InvalidDatastore InaccessibleDatastore InvalidDatastorePath
SnapshotFault ApplicationQuiesceFault FilesystemQuiesceFault SnapshotNoChange SnapshotLocked SnapshotDisabled
SnapshotIncompatibleDeviceInVm MultipleSnapshotsNotSupported TooManySnapshotLevels MemorySnapshotOnIndependentDisk
ToolsUnavailable DuplicateName AlreadyExists NotFound InvalidName OutOfBounds ResourceInUse InvalidCollectorVersion
Timedout HttpFault SecurityError InsufficientResourcesFault InvalidFolder VmSnapshotFileInfo
'''.split()

version_ids = {v: k.split('/')[1] for k, v in VmomiSupport.versionMap.items() if k.startswith('vim25/')}
version_ids['vim.version.version1'] = '2.0'


def since(version):
    if version.startswith('vmodl'):
        return ''
    number = version_ids[version]
    return '' if VERSIONS.index(number) <= VERSIONS.index(BASE) else '@' + number


def wsdl_type(name):
    return VmomiSupport.GetWsdlType('urn:vim25', name)


def item_of(kind):
    return kind.Item if issubclass(kind, list) else kind


def name_of(kind):
    if issubclass(kind, list):
        return name_of(kind.Item) + '[]'
    special = {bool: 'boolean', int: 'int', str: 'string', type: 'TypeName', object: 'anyType'}
    if kind in special:
        return special[kind]
    if kind.__name__ == 'datetime':
        return 'dateTime'
    return VmomiSupport.GetWsdlName(kind).removeprefix('xsd:')


def marked(kind):
    """& before references to managed objects, % before enumerations."""
    item = item_of(kind)
    mark = '&' if issubclass(item, VmomiSupport.ManagedObject) else '%' if issubclass(item, VmomiSupport.Enum) else ''
    return mark + name_of(kind)


def member(prop):
    optional = '?' if prop.flags & VmomiSupport.F_OPTIONAL else ''
    return f'{prop.name}{optional}:{marked(prop.type)}{since(prop.version)}'


data_types = {}
vmodl_names = {}


def visit(kind):
    kind = item_of(kind)
    if not issubclass(kind, VmomiSupport.DataObject):
        return
    name = name_of(kind)
    if name in data_types or name in ('DynamicData', 'DataObject'):
        return
    data_types[name] = kind
    visit(kind.__bases__[0])
    for prop in getattr(kind, '_propList', []):
        visit(prop.type)


def type_line(name, kind, roots):
    base = name_of(kind.__bases__[0])
    parent = '' if base in roots else '<' + base
    members = ' '.join(member(p) for p in kind._propList if not p.name.startswith('dynamic') and p.name != 'msg')
    return f'{name}{parent}{since(kind._version)}: {members}'.rstrip()


def method_line(spec):
    owner, name = spec.split('.')
    infos = [i for c in wsdl_type(owner).__mro__ for i in getattr(c, '_methodInfo', {}).values()]
    info = next(i for i in infos if i.wsdlName == name)
    for param in info.params:
        visit(param.type)
    visit(info.result)
    result = 'void' if info.result is type(None) else marked(info.result)
    params = ' '.join(member(p) for p in info.params)
    vmodl_names[name] = info.name
    return f"{spec}{since(info.version)} {info.privId or '-'} {result}: {params}".rstrip()


def write(path, constant, comment, lines):
    wrapped = [textwrap.fill(line, LINE, subsequent_indent=' ', break_long_words=False, break_on_hyphens=False)
               for line in lines]
    head = '// Made by generate.py from the public API description in pyVmomi. Do not edit.\n'
    body = '\n'.join(wrapped)
    path.write_text(f'{head}\n/** {comment} */\nexport const {constant} = `\n{body}\n`;\n')


def main(folder):
    methods = [method_line(spec) for spec in METHODS]
    for name in sorted(data_types):
        vmodl_names[name] = data_types[name].__name__
    for name in MANAGED:
        vmodl_names[name] = wsdl_type(name).__name__
    for name in MANAGED:
        for prop in wsdl_type(name)._propList:
            visit(prop.type)
    managed = [type_line(name, wsdl_type(name), ('vmodl.ManagedObject', 'ManagedObject')) for name in MANAGED]
    for name in SUBTYPES + FAULTS:
        visit(wsdl_type(name))
    roots = ('DynamicData', 'DataObject', 'Exception')
    data = sorted((type_line(n, k, roots) for n, k in data_types.items()), key=str.lower)
    size = sum(map(len, data)) / PARTS
    parts, filled = [[]], 0
    for line in data:
        if filled > size * len(parts):
            parts.append([])
        parts[-1].append(line)
        filled += len(line)
    for number, part in enumerate(parts, 1):
        write(folder / f'data-types-{number}.ts', f'dataTypes{number}',
              f'Data types and faults, part {number} of {len(parts)}.', part)
    write(folder / 'managed-types.ts', 'managedTypes', 'Managed types and their properties.', managed)
    names = [f'{wire} {inner}' for wire, inner in vmodl_names.items() if wire != inner]
    write(folder / 'inner-names.ts', 'innerNames',
          'Wire names of methods, parameter types and managed types, with the names that error texts use.', names)
    write(folder / 'method-table.ts', 'methodTable',
          'One line a method: owner.method, since, privilege, result: parameters.', methods)


main(Path(sys.argv[1]))
