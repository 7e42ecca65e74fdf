// Made by generate.py from the public API description in pyVmomi. Do not edit.

/** Managed types and their properties. */
export const managedTypes = `
ServiceInstance: serverClock:dateTime capability:Capability content:ServiceContent
SessionManager: sessionList?:UserSession[] currentSession?:UserSession message?:string messageLocaleList?:string[]
 supportedLocaleList?:string[] defaultLocale:string
PropertyCollector: filter?:&PropertyFilter[]
PropertyFilter: spec:PropertyFilterSpec partialUpdates:boolean
ViewManager: viewList?:&View[]
View:
ManagedObjectView<View: view?:&ManagedObject[]
ContainerView<ManagedObjectView: container:&ManagedEntity type?:TypeName[] recursive:boolean
SearchIndex:
AuthorizationManager: privilegeList?:AuthorizationPrivilege[] roleList?:AuthorizationRole[] description:AuthorizationDescription
TaskManager: recentTask?:&Task[] description:TaskDescription maxCollector:int
Task<ExtensibleManagedObject: info:TaskInfo
ExtensibleManagedObject: value?:CustomFieldValue[] availableField?:CustomFieldDef[]
ManagedEntity<ExtensibleManagedObject: parent?:&ManagedEntity customValue?:CustomFieldValue[] overallStatus:%ManagedEntityStatus
 configStatus:%ManagedEntityStatus configIssue?:Event[] effectiveRole?:int[] permission?:Permission[] name:string
 disabledMethod?:MethodName[] recentTask?:&Task[] declaredAlarmState?:AlarmState[] triggeredAlarmState?:AlarmState[]
 alarmActionsEnabled?:boolean tag?:Tag[]
Folder<ManagedEntity: childType?:TypeName[] childEntity?:&ManagedEntity[] namespace?:string@7.0.0.0
 externallyManagedFolderInfo?:FolderExternallyManagedFolderInfo@9.0.0.0
Datacenter<ManagedEntity: vmFolder:&Folder hostFolder:&Folder datastoreFolder:&Folder networkFolder:&Folder datastore?:&Datastore[]
 network?:&Network[] configuration:DatacenterConfigInfo
ComputeResource<ManagedEntity: resourcePool?:&ResourcePool host?:&HostSystem[] datastore?:&Datastore[] network?:&Network[]
 summary:ComputeResourceSummary environmentBrowser?:&EnvironmentBrowser configurationEx:ComputeResourceConfigInfo
 lifecycleManaged?:boolean@6.9.1 configManagerEnabled?:boolean@8.0.0.0 networkBootMode?:string@9.0.0.0
ClusterComputeResource<ComputeResource: configuration:ClusterConfigInfo recommendation?:ClusterRecommendation[]
 drsRecommendation?:ClusterDrsRecommendation[] summaryEx:ClusterComputeResourceSummary@7.0.1.1
 hciConfig?:ClusterComputeResourceHCIConfigInfo@6.7.1 migrationHistory?:ClusterDrsMigration[] actionHistory?:ClusterActionHistory[]
 drsFault?:ClusterDrsFaults[]
ResourcePool<ManagedEntity: summary:ResourcePoolSummary runtime:ResourcePoolRuntimeInfo owner:&ComputeResource
 resourcePool?:&ResourcePool[] vm?:&VirtualMachine[] config:ResourceConfigSpec namespace?:string@7.0.0.0
 childConfiguration?:ResourceConfigSpec[]
HostSystem<ManagedEntity: runtime:HostRuntimeInfo summary:HostListSummary hardware?:HostHardwareInfo capability?:HostCapability
 licensableResource:HostLicensableResourceInfo remediationState?:HostSystemRemediationState@6.7
 precheckRemediationResult?:ApplyHostProfileConfigurationSpec@6.7 remediationResult?:ApplyHostProfileConfigurationResult@6.7
 complianceCheckState?:HostSystemComplianceCheckState@6.7 complianceCheckResult?:ComplianceResult@6.7
 configManager:HostConfigManager config?:HostConfigInfo vm?:&VirtualMachine[] datastore?:&Datastore[] network?:&Network[]
 datastoreBrowser:&HostDatastoreBrowser systemResources?:HostSystemResourceInfo
 answerFileValidationState?:AnswerFileStatusResult@6.7 answerFileValidationResult?:AnswerFileStatusResult@6.7
HostDatastoreBrowser: datastore?:&Datastore[] supportedType?:FileQuery[]
Datastore<ManagedEntity: info:DatastoreInfo summary:DatastoreSummary host?:DatastoreHostMount[] vm?:&VirtualMachine[]
 browser:&HostDatastoreBrowser capability:DatastoreCapability iormConfiguration?:StorageIORMInfo
VirtualMachine<ManagedEntity: capability:VirtualMachineCapability config?:VirtualMachineConfigInfo layout?:VirtualMachineFileLayout
 layoutEx?:VirtualMachineFileLayoutEx storage?:VirtualMachineStorageInfo environmentBrowser:&EnvironmentBrowser
 resourcePool?:&ResourcePool parentVApp?:&ManagedEntity resourceConfig?:ResourceConfigSpec runtime:VirtualMachineRuntimeInfo
 guest?:GuestInfo summary:VirtualMachineSummary datastore?:&Datastore[] network?:&Network[] snapshot?:VirtualMachineSnapshotInfo
 rootSnapshot?:&VirtualMachineSnapshot[] guestHeartbeatStatus:%ManagedEntityStatus
VirtualMachineSnapshot<ExtensibleManagedObject: config:VirtualMachineConfigInfo childSnapshot?:&VirtualMachineSnapshot[]
 vm:&VirtualMachine
Network<ManagedEntity: summary:NetworkSummary host?:&HostSystem[] vm?:&VirtualMachine[]
EventManager: description:EventDescription latestEvent?:Event maxCollector:int
CustomFieldsManager: field?:CustomFieldDef[]
FileManager:
HostStorageSystem<ExtensibleManagedObject: storageDeviceInfo?:HostStorageDeviceInfo fileSystemVolumeInfo:HostFileSystemVolumeInfo
 systemFile?:string[] multipathStateInfo?:HostMultipathStateInfo
HostDatastoreSystem: datastore?:&Datastore[] capabilities:HostDatastoreSystemCapabilities
HostNetworkSystem<ExtensibleManagedObject: capabilities?:HostNetCapabilities networkInfo?:HostNetworkInfo
 offloadCapabilities?:HostNetOffloadCapabilities networkConfig?:HostNetworkConfig dnsConfig?:HostDnsConfig
 ipRouteConfig?:HostIpRouteConfig consoleIpRouteConfig?:HostIpRouteConfig
OptionManager: supportedOption?:OptionDef[] setting?:OptionValue[]
VirtualApp<ResourcePool: parentFolder?:&Folder datastore?:&Datastore[] network?:&Network[] vAppConfig?:VAppConfigInfo
 parentVApp?:&ManagedEntity childLink?:VirtualAppLinkInfo[]
StoragePod<Folder: summary?:StoragePodSummary podStorageDrsEntry?:PodStorageDrsEntry
OpaqueNetwork<Network: capability?:OpaqueNetworkCapability extraConfig?:OptionValue[]
DistributedVirtualSwitch<ManagedEntity: uuid:string capability:DVSCapability summary:DVSSummary config:DVSConfigInfo
 networkResourcePool?:DVSNetworkResourcePool[] portgroup?:&DistributedVirtualPortgroup[] runtime?:DVSRuntimeInfo
VmwareDistributedVirtualSwitch<DistributedVirtualSwitch:
DistributedVirtualPortgroup<Network: key:string config:DVPortgroupConfigInfo portKeys?:string[]
Alarm<ExtensibleManagedObject: info:AlarmInfo
EnvironmentBrowser: datastoreBrowser?:&HostDatastoreBrowser
ExtensionManager: extensionList?:Extension[]
LicenseManager: source:LicenseSource sourceAvailable:boolean diagnostics?:LicenseDiagnostics featureInfo?:LicenseFeatureInfo[]
 licensedEdition:string licenses:LicenseManagerLicenseInfo[] licenseAssignmentManager?:&LicenseAssignmentManager
 evaluation:LicenseManagerEvaluationInfo
UserDirectory: domainList?:string[]
`;
