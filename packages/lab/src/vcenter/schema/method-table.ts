// Made by generate.py from the public API description in pyVmomi. Do not edit.

/** One line a method: owner.method, since, privilege, result: parameters. */
export const methodTable = `
ServiceInstance.RetrieveServiceContent System.Anonymous ServiceContent:
ServiceInstance.CurrentTime System.View dateTime:
SessionManager.Login System.Anonymous UserSession: userName:string password:string locale?:string
SessionManager.Logout System.View void:
SessionManager.SessionIsActive Sessions.ValidateSession boolean: sessionID:string userName:string
SessionManager.TerminateSession Sessions.TerminateSession void: sessionId:string[]
SessionManager.AcquireGenericServiceTicket System.Anonymous SessionManagerGenericServiceTicket:
 spec:SessionManagerServiceRequestSpec
SessionManager.AcquireCloneTicket System.View string:
SessionManager.CloneSession System.Anonymous UserSession: cloneTicket:string
PropertyCollector.RetrievePropertiesEx System.Anonymous RetrieveResult: specSet:PropertyFilterSpec[] options:RetrieveOptions
PropertyCollector.RetrieveProperties System.Anonymous ObjectContent[]: specSet:PropertyFilterSpec[]
PropertyCollector.ContinueRetrievePropertiesEx System.View RetrieveResult: token:string
PropertyCollector.CancelRetrievePropertiesEx System.View void: token:string
PropertyCollector.CreateFilter System.View &PropertyFilter: spec:PropertyFilterSpec partialUpdates:boolean
PropertyCollector.WaitForUpdatesEx System.View UpdateSet: version?:string options?:WaitOptions
PropertyCollector.WaitForUpdates System.View UpdateSet: version?:string
PropertyCollector.CheckForUpdates System.View UpdateSet: version?:string
PropertyCollector.CancelWaitForUpdates System.View void:
PropertyCollector.CreatePropertyCollector System.View &PropertyCollector:
PropertyCollector.DestroyPropertyCollector System.View void:
PropertyFilter.DestroyPropertyFilter - void:
ViewManager.CreateContainerView System.View &ContainerView: container:&ManagedEntity type?:TypeName[] recursive:boolean
View.DestroyView System.View void:
SearchIndex.FindByInventoryPath System.View &ManagedEntity: inventoryPath:string
SearchIndex.FindByUuid System.View &ManagedEntity: datacenter?:&Datacenter uuid:string vmSearch:boolean instanceUuid?:boolean
SearchIndex.FindAllByUuid System.View &ManagedEntity[]: datacenter?:&Datacenter uuid:string vmSearch:boolean instanceUuid?:boolean
SearchIndex.FindChild System.View &ManagedEntity: entity:&ManagedEntity name:string
SearchIndex.FindByDatastorePath System.View &VirtualMachine: datacenter:&Datacenter path:string
AuthorizationManager.HasPrivilegeOnEntities System.View EntityPrivilege[]: entity:&ManagedEntity[] sessionId:string privId?:string[]
AuthorizationManager.HasPrivilegeOnEntity System.View boolean[]: entity:&ManagedEntity sessionId:string privId?:string[]
AuthorizationManager.FetchUserPrivilegeOnEntities - UserPrivilegeResult[]: entities:&ManagedEntity[] userName:string
VirtualMachine.QueryChangedDiskAreas VirtualMachine.Provisioning.DiskRandomRead DiskChangeInfo: snapshot?:&VirtualMachineSnapshot
 deviceKey:int startOffset:long changeId:string
VirtualMachine.CreateSnapshot_Task VirtualMachine.State.CreateSnapshot &Task: name:string description?:string memory:boolean
 quiesce:boolean
VirtualMachine.CreateSnapshotEx_Task VirtualMachine.State.CreateSnapshot &Task: name:string description?:string memory:boolean
 quiesceSpec?:VirtualMachineGuestQuiesceSpec
VirtualMachine.RemoveAllSnapshots_Task VirtualMachine.State.RemoveSnapshot &Task: consolidate?:boolean
 spec?:SnapshotSelectionSpec@8.0.3.0
VirtualMachine.RevertToCurrentSnapshot_Task VirtualMachine.State.RevertToSnapshot &Task: host?:&HostSystem suppressPowerOn?:boolean
VirtualMachine.ConsolidateVMDisks_Task VirtualMachine.State.RemoveSnapshot &Task:
VirtualMachine.ReconfigVM_Task - &Task: spec:VirtualMachineConfigSpec
VirtualMachine.PowerOnVM_Task VirtualMachine.Interact.PowerOn &Task: host?:&HostSystem
VirtualMachine.PowerOffVM_Task VirtualMachine.Interact.PowerOff &Task:
VirtualMachineSnapshot.RemoveSnapshot_Task VirtualMachine.State.RemoveSnapshot &Task: removeChildren:boolean consolidate?:boolean
VirtualMachineSnapshot.RevertToSnapshot_Task VirtualMachine.State.RevertToSnapshot &Task: host?:&HostSystem suppressPowerOn?:boolean
VirtualMachineSnapshot.RenameSnapshot VirtualMachine.State.RenameSnapshot void: name?:string description?:string
HostDatastoreBrowser.SearchDatastore_Task - &Task: datastorePath:string searchSpec?:HostDatastoreBrowserSearchSpec
HostDatastoreBrowser.SearchDatastoreSubFolders_Task - &Task: datastorePath:string searchSpec?:HostDatastoreBrowserSearchSpec
Task.CancelTask - void:
Datastore.RefreshDatastore System.Read void:
EventManager.LogUserEvent - void: entity:&ManagedEntity msg:string
HostStorageSystem.RescanAllHba Host.Config.Storage void:
HostStorageSystem.RescanHba Host.Config.Storage void: hbaDevice:string
HostStorageSystem.RescanVmfs Host.Config.Storage void:
HostStorageSystem.RefreshStorageSystem Host.Config.Storage void:
`;
