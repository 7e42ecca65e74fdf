// Made by generate.py from the public API description in pyVmomi. Do not edit.

/** Data types and faults, part 1 of 4. */
export const dataTypes1 = `
AboutInfo: name:string fullName:string vendor:string version:string patchLevel?:string@7.0.2.0 build:string localeVersion?:string
 localeBuild?:string osType:string productLineId:string apiType:string apiVersion:string instanceUuid?:string
 licenseProductName?:string licenseProductVersion?:string
AlarmAction:
AlarmExpression:
AlarmInfo<AlarmSpec: key:string alarm:&Alarm entity:&ManagedEntity lastModifiedTime:dateTime lastModifiedUser:string
 creationEventId:int
AlarmSetting: toleranceRange:int reportingFrequency:int
AlarmSpec: name:string systemName?:string description:string enabled:boolean expression:AlarmExpression action?:AlarmAction
 actionFrequency?:int setting?:AlarmSetting
AlarmState: key:string entity:&ManagedEntity alarm:&Alarm overallStatus:%ManagedEntityStatus time:dateTime acknowledged?:boolean
 acknowledgedByUser?:string acknowledgedTime?:dateTime eventKey?:int disabled?:boolean@6.9.1
AlreadyExists<VimFault: name?:string
AnswerFileStatusError: userInputPath:ProfilePropertyPath errMsg:LocalizableMessage
AnswerFileStatusResult: checkedTime:dateTime host:&HostSystem status:string error?:AnswerFileStatusError[]
ApplicationQuiesceFault<SnapshotFault:
ApplyHostProfileConfigurationResult: startTime:dateTime completeTime:dateTime host:&HostSystem status:string errors?:MethodFault[]
ApplyHostProfileConfigurationSpec<ProfileExecuteResult: host:&HostSystem taskListRequirement?:string[]
 taskDescription?:LocalizableMessage[] rebootStateless?:boolean rebootHost?:boolean faultData?:MethodFault
ArrayUpdateSpec: operation:%ArrayUpdateOperation removeKey?:anyType
AuthorizationDescription: privilege:ElementDescription[] privilegeGroup:ElementDescription[]
AuthorizationPrivilege: privId:string onParent:boolean name:string privGroupName:string
AuthorizationRole: roleId:int system:boolean name:string info:Description privilege?:string[]
AutoStartDefaults: enabled?:boolean startDelay?:int stopDelay?:int waitForHeartbeat?:boolean stopAction?:string
AutoStartPowerInfo: key:&VirtualMachine startOrder:int startDelay:int waitForHeartbeat:%AutoStartWaitHeartbeatSetting
 startAction:string stopDelay:int stopAction:string
BoolPolicy<InheritablePolicy: value?:boolean
CannotAccessFile<FileFault:
CannotAccessVmComponent<VmConfigFault:
CannotAccessVmConfig<CannotAccessVmComponent: reason:MethodFault
CannotAccessVmDevice<CannotAccessVmComponent: device:string backing:string connected:boolean
CannotAccessVmDisk<CannotAccessVmDevice: fault:MethodFault
CannotCreateFile<FileFault:
CannotDeleteFile<FileFault:
Capability: provisioningSupported:boolean multiHostSupported:boolean userShellAccessSupported:boolean supportedEVCMode?:EVCMode[]
 supportedEVCGraphicsMode?:FeatureEVCMode[]@7.0.1.0 networkBackupAndRestoreSupported?:boolean ftDrsWithoutEvcSupported?:boolean@6.7
 hciWorkflowSupported?:boolean@6.7.1 computePolicyVersion?:int@6.8.7 clusterPlacementSupported?:boolean@7.0.0.0
 lifecycleManagementSupported?:boolean@7.0.0.0 hostSeedingSupported?:boolean@7.0.2.0 scalableSharesSupported?:boolean@7.0.0.0
 hadcsSupported?:boolean@7.0.1.1 configMgmtSupported?:boolean@7.0.3.1
ChoiceOption<OptionType: choiceInfo:ElementDescription[] defaultIndex?:int
ClusterAction: type:string target?:&ManagedObject
ClusterActionHistory: action:ClusterAction time:dateTime
ClusterComputeResourceCryptoModePolicy@8.0.3.0: keyId?:CryptoKeyId@8.0.3.0 providerId?:KeyProviderId@8.0.3.0
ClusterComputeResourceDVSSetting@6.7.1: dvSwitch:&DistributedVirtualSwitch@6.7.1 pnicDevices?:string[]@6.7.1
 dvPortgroupSetting?:ClusterComputeResourceDVSSettingDVPortgroupToServiceMapping[]@6.7.1
ClusterComputeResourceDVSSettingDVPortgroupToServiceMapping@6.7.1: dvPortgroup:&DistributedVirtualPortgroup@6.7.1
 service:string@6.7.1
ClusterComputeResourceHCIConfigInfo@6.7.1: workflowState:string@6.7.1 dvsSetting?:ClusterComputeResourceDVSSetting[]@6.7.1
 configuredHosts?:&HostSystem[]@6.7.1 hostConfigProfile?:ClusterComputeResourceHostConfigurationProfile@6.7.1
ClusterComputeResourceHostConfigurationProfile@6.7.1: dateTimeConfig?:HostDateTimeConfig@6.7.1 lockdownMode?:%HostLockdownMode@6.7.1
ClusterComputeResourceSummary<ComputeResourceSummary: currentFailoverLevel:int admissionControlInfo?:ClusterDasAdmissionControlInfo
 numVmotions:int targetBalance?:int currentBalance?:int drsScore?:int@7.0.0.0 numVmsPerDrsScoreBucket?:int[]@7.0.0.0
 usageSummary?:ClusterUsageSummary currentEVCModeKey?:string currentEVCGraphicsModeKey?:string@7.0.1.0 dasData?:ClusterDasData
 clusterMaintenanceModeStatus?:string@7.0.0.2 vcsHealthStatus?:string@7.0.1.1 vcsSlots?:ClusterComputeResourceVcsSlots[]@7.0.1.1
ClusterComputeResourceVcsSlots@7.0.1.1: systemId?:string@7.0.3.0 host:&HostSystem@7.0.1.1 datastore?:&Datastore[]@7.0.3.0
 totalSlots:int@7.0.1.1
ClusterConfigInfo: dasConfig:ClusterDasConfigInfo dasVmConfig?:ClusterDasVmConfigInfo[] drsConfig:ClusterDrsConfigInfo
 drsVmConfig?:ClusterDrsVmConfigInfo[] rule?:ClusterRuleInfo[]
ClusterConfigInfoEx<ComputeResourceConfigInfo: systemVMsConfig?:ClusterSystemVMsConfigInfo@7.0.3.0 dasConfig:ClusterDasConfigInfo
 dasVmConfig?:ClusterDasVmConfigInfo[] drsConfig:ClusterDrsConfigInfo drsVmConfig?:ClusterDrsVmConfigInfo[] rule?:ClusterRuleInfo[]
 orchestration?:ClusterOrchestrationInfo vmOrchestration?:ClusterVmOrchestrationInfo[] dpmConfigInfo?:ClusterDpmConfigInfo
 dpmHostConfig?:ClusterDpmHostConfigInfo[] vsanConfigInfo?:VsanClusterConfigInfo vsanHostConfig?:VsanHostConfigInfo[]
 group?:ClusterGroupInfo[] infraUpdateHaConfig?:ClusterInfraUpdateHaConfigInfo proactiveDrsConfig?:ClusterProactiveDrsConfigInfo
 cryptoConfig?:ClusterCryptoConfigInfo@7.0.0.0 vsanCoreConfig?:VsanClusterCoreConfig@9.0.0.0
ClusterCryptoConfigInfo@7.0.0.0: cryptoMode?:string@7.0.0.0 policy?:ClusterComputeResourceCryptoModePolicy@8.0.3.0
ClusterDasAdmissionControlInfo:
ClusterDasAdmissionControlPolicy: resourceReductionToToleratePercent?:int pMemAdmissionControlEnabled?:boolean@7.0.2.0
ClusterDasConfigInfo: enabled?:boolean vmMonitoring?:string hostMonitoring?:string vmComponentProtecting?:string failoverLevel?:int
 admissionControlPolicy?:ClusterDasAdmissionControlPolicy admissionControlEnabled?:boolean defaultVmSettings?:ClusterDasVmSettings
 option?:OptionValue[] heartbeatDatastore?:&Datastore[] hBDatastoreCandidatePolicy?:string
ClusterDasData:
ClusterDasFdmHostState: state:string stateReporter?:&HostSystem
ClusterDasVmConfigInfo: key:&VirtualMachine restartPriority?:%DasVmPriority powerOffOnIsolation?:boolean
 dasSettings?:ClusterDasVmSettings
ClusterDasVmSettings: restartPriority?:string restartPriorityTimeout?:int isolationResponse?:string
 vmToolsMonitoringSettings?:ClusterVmToolsMonitoringSettings vmComponentProtectionSettings?:ClusterVmComponentProtectionSettings
ClusterDpmConfigInfo: enabled?:boolean defaultDpmBehavior?:%DpmBehavior hostPowerActionRate?:int option?:OptionValue[]
ClusterDpmHostConfigInfo: key:&HostSystem enabled?:boolean behavior?:%DpmBehavior
ClusterDrsConfigInfo: enabled?:boolean enableVmBehaviorOverrides?:boolean defaultVmBehavior?:%DrsBehavior vmotionRate?:int
 scaleDescendantsShares?:string@7.0.0.0 option?:OptionValue[]
ClusterDrsFaults: reason:string faultsByVm:ClusterDrsFaultsFaultsByVm[]
ClusterDrsFaultsFaultsByVm: vm?:&VirtualMachine fault:MethodFault[]
ClusterDrsMigration: key:string time:dateTime vm:&VirtualMachine cpuLoad?:int memoryLoad?:long source:&HostSystem sourceCpuLoad?:int
 sourceMemoryLoad?:long destination:&HostSystem destinationCpuLoad?:int destinationMemoryLoad?:long
ClusterDrsRecommendation: key:string rating:int reason:string reasonText:string migrationList:ClusterDrsMigration[]
ClusterDrsVmConfigInfo: key:&VirtualMachine enabled?:boolean behavior?:%DrsBehavior
ClusterGroupInfo: name:string userCreated?:boolean uniqueID?:string
ClusterInfraUpdateHaConfigInfo: enabled?:boolean behavior?:string moderateRemediation?:string severeRemediation?:string
 providers?:string[]
ClusterOrchestrationInfo: defaultVmReadiness?:ClusterVmReadiness
ClusterProactiveDrsConfigInfo: enabled?:boolean
ClusterRecommendation: key:string type:string time:dateTime rating:int reason:string reasonText:string warningText?:string
 warningDetails?:LocalizableMessage prerequisite?:string[] action?:ClusterAction[] target?:&ManagedObject
ClusterRuleInfo: key?:int status?:%ManagedEntityStatus enabled?:boolean name?:string mandatory?:boolean userCreated?:boolean
 inCompliance?:boolean ruleUuid?:string
ClusterSystemVMsConfigInfo@7.0.3.0: allowedDatastores?:&Datastore[]@7.0.3.0 notAllowedDatastores?:&Datastore[]@7.0.3.0
 dsTagCategoriesToExclude?:string[]@7.0.3.0 deploymentMode?:string@8.0.2.0
ClusterUsageSummary: totalCpuCapacityMhz:int totalMemCapacityMB:int cpuReservationMhz:int memReservationMB:int
 poweredOffCpuReservationMhz?:int poweredOffMemReservationMB?:int cpuDemandMhz:int memDemandMB:int statsGenNumber:long
 cpuEntitledMhz:int memEntitledMB:int poweredOffVmCount:int totalVmCount:int tier0MemCapacityMB?:int@9.0.0.0
 reservedTier0MemMB?:int@9.0.0.0 unreservedTier0MemMB?:int@9.0.0.0
ClusterVmComponentProtectionSettings: vmStorageProtectionForAPD?:string enableAPDTimeoutForHosts?:boolean
 vmTerminateDelayForAPDSec?:int vmReactionOnAPDCleared?:string vmStorageProtectionForPDL?:string
ClusterVmOrchestrationInfo: vm:&VirtualMachine vmReadiness:ClusterVmReadiness
ClusterVmReadiness: readyCondition?:string postReadyDelay?:int
ClusterVmToolsMonitoringSettings: enabled?:boolean vmMonitoring?:string clusterSettings?:boolean failureInterval?:int minUpTime?:int
 maxFailures?:int maxFailureWindow?:int
ComplianceFailure: failureType:string message:LocalizableMessage expressionName?:string
 failureValues?:ComplianceFailureComplianceFailureValues[]
ComplianceFailureComplianceFailureValues: comparisonIdentifier:string profileInstance?:string hostValue?:anyType
 profileValue?:anyType
ComplianceResult: profile?:&Profile complianceStatus:string entity?:&ManagedEntity checkTime?:dateTime failure?:ComplianceFailure[]
ComputeResourceConfigInfo: vmSwapPlacement:string spbmEnabled?:boolean defaultHardwareVersionKey?:string
 maximumHardwareVersionKey?:string@7.0.2.0
ComputeResourceEventArgument<EntityEventArgument: computeResource:&ComputeResource
ComputeResourceSummary: totalCpu:int totalMemory:long numCpuCores:short numCpuThreads:short effectiveCpu:int effectiveMemory:long
 numHosts:int numEffectiveHosts:int overallStatus:%ManagedEntityStatus
ConcurrentAccess<VimFault:
CryptoKeyId: keyId:string providerId?:KeyProviderId
CryptoSpec:
CustomFieldDef: key:int name:string type:TypeName managedObjectType?:TypeName fieldDefPrivileges?:PrivilegePolicyDef
 fieldInstancePrivileges?:PrivilegePolicyDef
CustomFieldValue: key:int
DatacenterConfigInfo: defaultHardwareVersionKey?:string maximumHardwareVersionKey?:string@7.0.2.0
DatacenterEventArgument<EntityEventArgument: datacenter:&Datacenter
DatastoreCapability: directoryHierarchySupported:boolean rawDiskMappingsSupported:boolean perFileThinProvisioningSupported:boolean
 storageIORMSupported:boolean nativeSnapshotSupported:boolean topLevelDirectoryCreateSupported?:boolean seSparseSupported?:boolean
 vmfsSparseSupported?:boolean vsanSparseSupported?:boolean upitSupported?:boolean vmdkExpandSupported?:boolean@6.7
 clusteredVmdkSupported?:boolean@7.0.0.0
DatastoreEventArgument<EntityEventArgument: datastore:&Datastore
DatastoreHostMount: key:&HostSystem mountInfo:HostMountInfo
DatastoreInfo: name:string url:string freeSpace:long maxFileSize:long maxVirtualDiskCapacity?:long maxMemoryFileSize:long
 timestamp?:dateTime containerId?:string aliasOf?:string@6.7.1 supportedVDiskFormats?:string[]@9.0.0.0
 logicalSectorSize?:int@9.0.0.0 physicalSectorSize?:int@9.0.0.0
DatastoreSummary: datastore?:&Datastore name:string url:string capacity:long freeSpace:long uncommitted?:long accessible:boolean
 multipleHostAccess?:boolean type:string maintenanceMode?:string
Description: label:string summary:string
DiskChangeExtent: start:long length:long
DiskChangeInfo: startOffset:long length:long changedArea?:DiskChangeExtent[]
DistributedVirtualSwitchHostMember: runtimeState?:DistributedVirtualSwitchHostMemberRuntimeState
 config:DistributedVirtualSwitchHostMemberConfigInfo productInfo?:DistributedVirtualSwitchProductSpec uplinkPortKey?:string[]
 status:string statusDetail?:string
DistributedVirtualSwitchHostMemberBacking:
DistributedVirtualSwitchHostMemberConfigInfo: host?:&HostSystem maxProxySwitchPorts:int
 vendorSpecificConfig?:DistributedVirtualSwitchKeyedOpaqueBlob[] backing:DistributedVirtualSwitchHostMemberBacking
 nsxSwitch?:boolean@7.0.0.0 ensEnabled?:boolean@7.0.0.0 ensInterruptEnabled?:boolean@7.0.0.0
 transportZones?:DistributedVirtualSwitchHostMemberTransportZoneInfo[]@7.0.0.0 nsxtUsedUplinkNames?:string[]@7.0.0.0
 networkOffloadingEnabled?:boolean@8.0.0.1 teplessMode?:boolean@9.1.0.0
DistributedVirtualSwitchHostMemberHostPerfNicOffloadState@9.1.0.0: enabled:boolean@9.1.0.0 runtimeStatus?:string@9.1.0.0
 statusDescription?:string@9.1.0.0
DistributedVirtualSwitchHostMemberHostUplinkState@8.0.3.0: uplinkName:string@8.0.3.0 state:string@8.0.3.0
DistributedVirtualSwitchHostMemberRuntimeState: currentMaxProxySwitchPorts:int
DistributedVirtualSwitchHostMemberTransportZoneInfo@7.0.0.0: uuid:string@7.0.0.0 type:string@7.0.0.0
DistributedVirtualSwitchHostProductSpec: productLineId?:string version?:string
DistributedVirtualSwitchKeyedOpaqueBlob: key:string opaqueData:string
DistributedVirtualSwitchPortConnection: switchUuid:string portgroupKey?:string portKey?:string connectionCookie?:int
DistributedVirtualSwitchProductSpec: name?:string vendor?:string version?:string build?:string forwardingClass?:string
 bundleId?:string bundleUrl?:string
DpuStatusInfo<HostHardwareElementInfo@8.0.0.1: dpuId:string@8.0.0.1 fru?:HostFru@8.0.0.1
 sensors?:DpuStatusInfoOperationalInfo[]@8.0.0.1
DpuStatusInfoOperationalInfo@8.0.0.1: sensorId:string@8.0.0.1 healthState?:ElementDescription@8.0.0.1 reading:string@8.0.0.1
 units?:string@8.0.0.1 timeStamp?:dateTime@8.0.0.1
DuplicateName<VimFault: name:string object:&ManagedObject
DVPortgroupConfigInfo: key:string name:string numPorts:int distributedVirtualSwitch?:&DistributedVirtualSwitch
 defaultPortConfig?:DVPortSetting description?:string type:string backingType?:string@7.0.0.0 policy:DVPortgroupPolicy
 portNameFormat?:string scope?:&ManagedEntity[] vendorSpecificConfig?:DistributedVirtualSwitchKeyedOpaqueBlob[]
 configVersion?:string autoExpand?:boolean vmVnicNetworkResourcePoolKey?:string uplink?:boolean transportZoneUuid?:string@7.0.0.0
 transportZoneName?:string@7.0.0.0 logicalSwitchUuid?:string@7.0.0.0 segmentId?:string@7.0.0.0 subnetId?:string@9.0.0.0
 nsxConfig?:DVPortgroupNsxConfig@9.1.0.0
DVPortgroupNsxConfig@9.1.0.0: vlanIdExtended?:int@9.1.0.0 subnetAddresses?:DVPortgroupNsxSubnetAddressInfo@9.1.0.0
 spanIds?:string[]@9.1.0.0
DVPortgroupNsxSubnetAddressInfo@9.1.0.0: cidr?:string[]@9.1.0.0
DVPortgroupPolicy: blockOverrideAllowed:boolean shapingOverrideAllowed:boolean vendorConfigOverrideAllowed:boolean
 livePortMovingAllowed:boolean portConfigResetAtDisconnect:boolean networkResourcePoolOverrideAllowed?:boolean
 trafficFilterOverrideAllowed?:boolean
DVPortSetting: blocked?:BoolPolicy vmDirectPathGen2Allowed?:BoolPolicy inShapingPolicy?:DVSTrafficShapingPolicy
 outShapingPolicy?:DVSTrafficShapingPolicy vendorSpecificConfig?:DVSVendorSpecificConfig networkResourcePoolKey?:StringPolicy
 filterPolicy?:DvsFilterPolicy
DVSBackupRestoreCapability: backupRestoreSupported:boolean
DVSCapability: dvsOperationSupported?:boolean dvPortGroupOperationSupported?:boolean dvPortOperationSupported?:boolean
 compatibleHostComponentProductInfo?:DistributedVirtualSwitchHostProductSpec[] featuresSupported?:DVSFeatureCapability
DVSConfigInfo: uuid:string name:string numStandalonePorts:int numPorts:int maxPorts:int uplinkPortPolicy:DVSUplinkPortPolicy
 uplinkPortgroup?:&DistributedVirtualPortgroup[] defaultPortConfig:DVPortSetting host?:DistributedVirtualSwitchHostMember[]
 productInfo:DistributedVirtualSwitchProductSpec targetInfo?:DistributedVirtualSwitchProductSpec extensionKey?:string
 vendorSpecificConfig?:DistributedVirtualSwitchKeyedOpaqueBlob[] policy?:DVSPolicy description?:string configVersion:string
 contact:DVSContactInfo switchIpAddress?:string createTime:dateTime networkResourceManagementEnabled:boolean
 defaultProxySwitchMaxNumPorts?:int healthCheckConfig?:DVSHealthCheckConfig[]
 infrastructureTrafficResourceConfig?:DvsHostInfrastructureTrafficResource[]
 netResourcePoolTrafficResourceConfig?:DvsHostInfrastructureTrafficResource[]@6.7 networkResourceControlVersion?:string
 vmVnicNetworkResourcePool?:DVSVmVnicNetworkResourcePool[] pnicCapacityRatioForReservation?:int
DVSContactInfo: name?:string contact?:string
DvsEventArgument<EntityEventArgument: dvs:&DistributedVirtualSwitch
DVSFeatureCapability: networkResourceManagementSupported:boolean vmDirectPathGen2Supported?:boolean nicTeamingPolicy?:string[]
 networkResourcePoolHighShareValue?:int networkResourceManagementCapability?:DVSNetworkResourceManagementCapability
 healthCheckCapability?:DVSHealthCheckCapability rollbackCapability?:DVSRollbackCapability
 backupRestoreCapability?:DVSBackupRestoreCapability networkFilterSupported?:boolean macLearningSupported?:boolean@6.7
DvsFilterConfig<InheritablePolicy: key?:string agentName?:string slotNumber?:string parameters?:DvsFilterParameter onFailure?:string
DvsFilterParameter: parameters?:string[]
DvsFilterPolicy<InheritablePolicy: filterConfig?:DvsFilterConfig[]
DVSHealthCheckCapability:
DVSHealthCheckConfig: enable?:boolean interval?:int
DvsHostInfrastructureTrafficResource: key:string description?:string allocationInfo:DvsHostInfrastructureTrafficResourceAllocation
DvsHostInfrastructureTrafficResourceAllocation: limit?:long shares?:SharesInfo reservation?:long
DVSNetworkResourceManagementCapability: networkResourceManagementSupported:boolean networkResourcePoolHighShareValue:int
 qosSupported:boolean userDefinedNetworkResourcePoolsSupported:boolean networkResourceControlVersion3Supported?:boolean
 userDefinedInfraTrafficPoolSupported?:boolean@6.7
DVSNetworkResourcePool: key:string name?:string description?:string configVersion:string
 allocationInfo:DVSNetworkResourcePoolAllocationInfo
DVSNetworkResourcePoolAllocationInfo: limit?:long shares?:SharesInfo priorityTag?:int
DVSPolicy: autoPreInstallAllowed?:boolean autoUpgradeAllowed?:boolean partialUpgradeAllowed?:boolean
DvsResourceRuntimeInfo: capacity?:int usage?:int available?:int allocatedResource?:DvsVnicAllocatedResource[]
 vmVnicNetworkResourcePoolRuntime?:DvsVmVnicNetworkResourcePoolRuntimeInfo[]
DVSRollbackCapability: rollbackSupported:boolean
DVSRuntimeInfo: hostMemberRuntime?:HostMemberRuntimeInfo[] resourceRuntimeInfo?:DvsResourceRuntimeInfo
DVSSummary: name:string uuid:string numPorts:int productInfo?:DistributedVirtualSwitchProductSpec hostMember?:&HostSystem[]
 vm?:&VirtualMachine[] host?:&HostSystem[] portgroupName?:string[] description?:string contact?:DVSContactInfo numHosts?:int
DVSTrafficShapingPolicy<InheritablePolicy: enabled?:BoolPolicy averageBandwidth?:LongPolicy peakBandwidth?:LongPolicy
 burstSize?:LongPolicy
DVSUplinkPortPolicy:
DVSVendorSpecificConfig<InheritablePolicy: keyValue?:DistributedVirtualSwitchKeyedOpaqueBlob[]
DVSVmVnicNetworkResourcePool: key:string name?:string description?:string configVersion:string
 allocationInfo?:DvsVmVnicResourceAllocation
DvsVmVnicNetworkResourcePoolRuntimeInfo: key:string name?:string capacity?:int usage?:int available?:int status:string
 allocatedResource?:DvsVnicAllocatedResource[]
DvsVmVnicResourceAllocation: reservationQuota?:long
DvsVnicAllocatedResource: vm:&VirtualMachine vnicKey:string reservation?:long
DynamicProperty: name:PropertyPath val:anyType
ElementDescription<Description: key:string
EntityEventArgument<EventArgument: name:string
EntityPrivilege: entity:&ManagedEntity privAvailability:PrivilegeAvailability[]
EnumDescription: key:TypeName tags:ElementDescription[]
EVCMode<ElementDescription: guaranteedCPUFeatures?:HostCpuIdInfo[] featureCapability?:HostFeatureCapability[]
 featureMask?:HostFeatureMask[] featureRequirement?:VirtualMachineFeatureRequirement[] vendor:string track:string[] vendorTier:int
Event: key:int chainId:int createdTime:dateTime userName:string datacenter?:DatacenterEventArgument
 computeResource?:ComputeResourceEventArgument host?:HostEventArgument vm?:VmEventArgument ds?:DatastoreEventArgument
 net?:NetworkEventArgument dvs?:DvsEventArgument tgw?:TgwEventArgument@9.1.0.0 fullFormattedMessage?:string changeTag?:string
 auditId?:string@9.1.0.0
EventArgument:
EventDescription: category:ElementDescription[] eventInfo:EventDescriptionEventDetail[] enumeratedTypes?:EnumDescription[]
EventDescriptionEventDetail: key:TypeName description?:string category:string formatOnDatacenter:string
 formatOnComputeResource:string formatOnHost:string formatOnVm:string fullFormat:string longDescription?:string
Extension: description:Description key:string company?:string type?:string version:string subjectName?:string
 server?:ExtensionServerInfo[] client?:ExtensionClientInfo[] taskList?:ExtensionTaskTypeInfo[] eventList?:ExtensionEventTypeInfo[]
 faultList?:ExtensionFaultTypeInfo[] privilegeList?:ExtensionPrivilegeInfo[] resourceList?:ExtensionResourceInfo[]
 lastHeartbeatTime:dateTime healthInfo?:ExtensionHealthInfo ovfConsumerInfo?:ExtensionOvfConsumerInfo
 extendedProductInfo?:ExtExtendedProductInfo managedEntityInfo?:ExtManagedEntityInfo[] shownInSolutionManager?:boolean
 solutionManagerInfo?:ExtSolutionManagerInfo
ExtensionClientInfo: version:string description:Description company:string type:string url:string
ExtensionEventTypeInfo: eventID:string eventTypeSchema?:string
ExtensionFaultTypeInfo: faultID:string
ExtensionHealthInfo: url:string
ExtensionOvfConsumerInfo: callbackUrl:string sectionType:string[]
ExtensionPrivilegeInfo: privID:string privGroupName:string
ExtensionResourceInfo: locale:string module:string data:KeyValue[]
ExtensionServerInfo: url:string description:Description company:string type:string adminEmail:string[] serverThumbprint?:string
 serverCertificate?:string@8.0.2.0
ExtensionTaskTypeInfo: taskID:string
ExtExtendedProductInfo: companyUrl?:string productUrl?:string managementUrl?:string self?:&ManagedEntity
ExtManagedEntityInfo: type:string smallIconUrl?:string iconUrl?:string description?:string
ExtSolutionManagerInfo: tab?:ExtSolutionManagerInfoTabInfo[] smallIconUrl?:string
ExtSolutionManagerInfoTabInfo: label:string url:string
FaultToleranceConfigInfo: role:int instanceUuids:string[] configPaths:string[] orphaned?:boolean
FcoeConfig: priorityClass:int sourceMac:string vlanRange:FcoeConfigVlanRange[] capabilities:FcoeConfigFcoeCapabilities
 fcoeActive:boolean
FcoeConfigFcoeCapabilities: priorityClass:boolean sourceMacAddress:boolean vlanRange:boolean
FcoeConfigVlanRange: vlanLow:int vlanHigh:int
FeatureEVCMode<ElementDescription@7.0.1.0: mask?:HostFeatureMask[]@7.0.1.0 capability?:HostFeatureCapability[]@7.0.1.0
 requirement?:VirtualMachineFeatureRequirement[]@7.0.1.0
FileAlreadyExists<FileFault:
FileFault<VimFault: file:string
FileInfo: path:string friendlyName?:string fileSize?:long modification?:dateTime owner?:string
FileLocked<FileFault:
FileNotFound<FileFault:
FileQuery:
FileQueryFlags: fileType:boolean fileSize:boolean modification:boolean fileOwner:boolean
FilesystemQuiesceFault<SnapshotFault:
FolderExternallyManagedFolderInfo@9.0.0.0: id:string@9.0.0.0 type:string@9.0.0.0
FolderFileInfo<FileInfo:
FolderFileQuery<FileQuery:
GenericVmConfigFault<VmConfigFault: reason:string
GuestDiskInfo: diskPath?:string capacity?:long freeSpace?:long filesystemType?:string@7.0.0.0
 mappings?:GuestInfoVirtualDiskMapping[]@7.0.0.0
GuestInfo: toolsStatus?:%VirtualMachineToolsStatus toolsVersionStatus?:string toolsVersionStatus2?:string toolsRunningStatus?:string
 toolsVersion?:string toolsInstallType?:string guestId?:string guestFamily?:string guestFullName?:string
 guestRebootStatus?:VirtualMachineGuestRebootStatus@9.1.0.0 guestDetailedData?:string@8.0.2.0 hostName?:string ipAddress?:string
 net?:GuestNicInfo[] ipStack?:GuestStackInfo[] disk?:GuestDiskInfo[] screen?:GuestScreenInfo guestState:string
 appHeartbeatStatus?:string guestKernelCrashed?:boolean appState?:string guestOperationsReady?:boolean
 interactiveGuestOperationsReady?:boolean guestStateChangeSupported?:boolean generationInfo?:GuestInfoNamespaceGenerationInfo[]
 hwVersion?:string@6.9.1 customizationInfo?:GuestInfoCustomizationInfo@7.0.2.0
GuestInfoCustomizationInfo@7.0.2.0: customizationStatus:string@7.0.2.0 startTime?:dateTime@7.0.2.0 endTime?:dateTime@7.0.2.0
 errorMsg?:string@7.0.2.0
GuestInfoNamespaceGenerationInfo: key:string generationNo:int
GuestInfoVirtualDiskMapping@7.0.0.0: key:int@7.0.0.0
GuestNicInfo: network?:string ipAddress?:string[] macAddress?:string connected:boolean deviceConfigId:int
 dnsConfig?:NetDnsConfigInfo ipConfig?:NetIpConfigInfo netBIOSConfig?:NetBIOSConfigInfo
GuestScreenInfo: width:int height:int
GuestStackInfo: dnsConfig?:NetDnsConfigInfo ipRouteConfig?:NetIpRouteConfigInfo ipStackConfig?:KeyValue[]
 dhcpConfig?:NetDhcpConfigInfo
HealthSystemRuntime: systemHealthInfo?:HostSystemHealthInfo hardwareStatusInfo?:HostHardwareStatusInfo
HostAccountSpec: id:string password?:string description?:string
HostActiveDirectory: changeOperation:string spec?:HostActiveDirectorySpec
HostActiveDirectorySpec: domainName?:string userName?:string password?:string camServer?:string thumbprint?:string
 certificate?:string@8.0.3.0 smartCardAuthenticationEnabled?:boolean smartCardTrustAnchors?:string[]
HostAssignableHardwareBinding@7.0.0.0: instanceId:string@7.0.0.0 vm:&VirtualMachine@7.0.0.0 pciId?:string@9.1.0.0
 deviceKey?:int@9.1.0.0
HostAssignableHardwareConfig@7.0.0.0: attributeOverride?:HostAssignableHardwareConfigAttributeOverride[]@7.0.0.0
HostAssignableHardwareConfigAttributeOverride@7.0.0.0: instanceId:string@7.0.0.0 name:string@7.0.0.0 value?:anyType@7.0.0.0
HostAuthenticationInfo@9.0.0.0: principal:string@9.0.0.0 ownerTag:string@9.0.0.0 sslCertificates?:string[]@9.0.0.0
HostAuthenticationManagerInfo: authConfig:HostAuthenticationStoreInfo[]
HostAuthenticationStoreInfo: enabled:boolean
HostAutoStartManagerConfig: defaults?:AutoStartDefaults powerInfo?:AutoStartPowerInfo[]
HostBIOSInfo: biosVersion?:string releaseDate?:dateTime vendor?:string majorRelease?:int minorRelease?:int firmwareMajorRelease?:int
 firmwareMinorRelease?:int firmwareType?:string@8.0.2.0
HostCacheConfigurationInfo: key:&Datastore swapSize:long
HostCapability: recursiveResourcePoolsSupported:boolean cpuMemoryResourceConfigurationSupported:boolean rebootSupported:boolean
 shutdownSupported:boolean vmotionSupported:boolean standbySupported:boolean ipmiSupported?:boolean maxSupportedVMs?:int
 maxRunningVMs?:int maxSupportedVcpus?:int maxRegisteredVMs?:int datastorePrincipalSupported:boolean sanSupported:boolean
 nfsSupported:boolean iscsiSupported:boolean vlanTaggingSupported:boolean nicTeamingSupported:boolean highGuestMemSupported:boolean
 maintenanceModeSupported:boolean suspendedRelocateSupported:boolean restrictedSnapshotRelocateSupported:boolean
 perVmSwapFiles:boolean localSwapDatastoreSupported:boolean unsharedSwapVMotionSupported:boolean
 backgroundSnapshotsSupported:boolean preAssignedPCIUnitNumbersSupported:boolean screenshotSupported:boolean
 scaledScreenshotSupported:boolean storageVMotionSupported:boolean vmotionWithStorageVMotionSupported:boolean
 vmotionAcrossNetworkSupported?:boolean maxNumDisksSVMotion?:int maxVirtualDiskDescVersionSupported?:int@8.0.1.0
 hbrNicSelectionSupported:boolean vrNfcNicSelectionSupported:boolean recordReplaySupported:boolean ftSupported:boolean
 replayUnsupportedReason?:string replayCompatibilityIssues?:string[] smpFtSupported:boolean ftCompatibilityIssues?:string[]
 smpFtCompatibilityIssues?:string[] maxVcpusPerFtVm?:int loginBySSLThumbprintSupported?:boolean cloneFromSnapshotSupported:boolean
 deltaDiskBackingsSupported:boolean perVMNetworkTrafficShapingSupported:boolean tpmSupported:boolean tpmVersion?:string@6.7
 txtEnabled?:boolean@6.7 drtmType?:string@9.1.0.0 supportedCpuFeature?:HostCpuIdInfo[] virtualExecUsageSupported:boolean
 storageIORMSupported:boolean vmDirectPathGen2Supported?:boolean vmDirectPathGen2UnsupportedReason?:string[]
 vmDirectPathGen2UnsupportedReasonExtended?:string supportedVmfsMajorVersion?:int[] vStorageCapable:boolean
 snapshotRelayoutSupported:boolean firewallIpRulesSupported?:boolean servicePackageInfoSupported?:boolean maxHostRunningVms?:int
 maxHostSupportedVcpus?:int vmfsDatastoreMountCapable:boolean eightPlusHostVmfsSharedAccessSupported:boolean
 nestedHVSupported:boolean vPMCSupported:boolean interVMCommunicationThroughVMCISupported:boolean
 scheduledHardwareUpgradeSupported?:boolean featureCapabilitiesSupported:boolean latencySensitivitySupported:boolean
 storagePolicySupported?:boolean accel3dSupported:boolean reliableMemoryAware?:boolean
 multipleNetworkStackInstanceSupported?:boolean messageBusProxySupported?:boolean vsanSupported?:boolean vFlashSupported?:boolean
 hostAccessManagerSupported?:boolean provisioningNicSelectionSupported:boolean nfs41Supported?:boolean nfs41Krb5iSupported?:boolean
 turnDiskLocatorLedSupported?:boolean virtualVolumeDatastoreSupported?:boolean markAsSsdSupported?:boolean
 markAsLocalSupported?:boolean smartCardAuthenticationSupported?:boolean pMemSupported?:boolean@6.7
 pMemSnapshotSupported?:boolean@6.7 cryptoSupported?:boolean oneKVolumeAPIsSupported?:boolean gatewayOnNicSupported?:boolean
 upitSupported?:boolean cpuHwMmuSupported?:boolean encryptedVMotionSupported?:boolean encryptionChangeOnAddRemoveSupported?:boolean
 encryptionHotOperationSupported?:boolean encryptionWithSnapshotsSupported?:boolean encryptionFaultToleranceSupported?:boolean
 encryptionMemorySaveSupported?:boolean encryptionRDMSupported?:boolean encryptionVFlashSupported?:boolean
 encryptionCBRCSupported?:boolean encryptionHBRSupported?:boolean ftEfiSupported?:boolean@6.7 unmapMethodSupported?:string@6.7
 maxMemMBPerFtVm?:int@6.7 virtualMmuUsageIgnored?:boolean@6.7 virtualExecUsageIgnored?:boolean@6.7
 vmCreateDateSupported?:boolean@6.7 vmfs3EOLSupported?:boolean@6.7 ftVmcpSupported?:boolean@6.7 quickBootSupported?:boolean@6.7.1
 encryptedFtSupported?:boolean@7.0.2.0 assignableHardwareSupported?:boolean@7.0.0.0 suspendToMemorySupported?:boolean@7.0.2.0
 useFeatureReqsForOldHWv?:boolean@6.8.7 markPerenniallyReservedSupported?:boolean@6.7.2 hppPspSupported?:boolean@7.0.0.0
 deviceRebindWithoutRebootSupported?:boolean@7.0.0.0 storagePolicyChangeSupported?:boolean@7.0.0.0
 precisionTimeProtocolSupported?:boolean@7.0.0.0 remoteDeviceVMotionSupported?:boolean@7.0.0.0 maxSupportedVmMemory?:int@7.0.0.0
 ahDeviceHintsSupported?:boolean@7.0.2.0 nvmeOverTcpSupported?:boolean@7.0.3.0 nvmeStorageFabricServicesSupported?:boolean@7.0.3.0
 assignHwPciConfigSupported?:boolean@7.0.2.0 timeConfigSupported?:boolean@7.0.3.0 nvmeBatchOperationsSupported?:boolean@7.0.3.0
 pMemFailoverSupported?:boolean@7.0.2.0 hostConfigEncryptionSupported?:boolean@7.0.2.0 maxSupportedSimultaneousThreads?:int@8.0.0.1
 ptpConfigSupported?:boolean@7.0.3.0 maxSupportedPtpPorts?:int@7.0.3.0 sgxRegistrationSupported?:boolean@8.0.0.1
 pMemIndependentSnapshotSupported?:boolean@7.0.3.0 iommuSLDirtyCapable?:boolean@8.0.0.1 vmknicBindingSupported?:boolean@8.0.1.0
 ultralowFixedUnmapSupported?:boolean@8.0.0.1 nvmeVvolSupported?:boolean@8.0.0.0 fptHotplugSupported?:boolean@8.0.1.0
 mconnectSupported?:boolean@8.0.1.0 vsanNicMgmtSupported?:boolean@8.0.2.0 vvolNQNSupported?:boolean@8.0.2.0
 stretchedSCSupported?:boolean@8.0.3.0 vmknicBindingOnNFSv41?:boolean@8.0.3.0 vpStatusCheckSupported?:boolean@8.0.3.0
 e2e4knSupported?:boolean@9.0.0.0 vsanDedicatedVmkNicSupported?:boolean@9.0.0.0 nConnectSupported?:boolean@8.0.3.0
 userKeySupported?:boolean@8.0.3.0 ndcmSupported?:boolean@8.0.3.0 uefiSecureBoot?:boolean@8.0.3.0
 vpxdVmxGenerationSupported?:boolean@9.0.0.0 nfs41Krb5pSupported?:boolean@9.0.0.0 cimSupported?:boolean@9.0.0.0
 npivSupported?:boolean@9.0.0.0 entitlementSupported?:boolean@9.0.0.0 monitorUnrestricted?:boolean@9.1.0.0
 vnetworkingNicSelectionSupported?:boolean@9.1.0.0 directPathInfoSupported?:boolean@9.1.0.0 fcdLinkedCloneSupported?:boolean@9.1.0.0
 ehvQuickBootSupported?:boolean@9.1.0.0 nestedHvTieringEnabled?:boolean@9.1.0.0
`;
