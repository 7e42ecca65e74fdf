// Made by generate.py from the public API description in pyVmomi. Do not edit.

/** Data types and faults, part 4 of 4. */
export const dataTypes4 = `
ToolsConfigInfoToolsLastInstallInfo: counter:int fault?:MethodFault
ToolsUnavailable<VimFault:
TooManySnapshotLevels<SnapshotFault:
TraversalSpec<SelectionSpec: type:TypeName path:PropertyPath skip?:boolean selectSet?:SelectionSpec[]
TypeDescription<Description: key:TypeName
UpdateSet: version:string filterSet?:PropertyFilterUpdate[] truncated?:boolean
UserPrivilegeResult: entity:&ManagedEntity privileges?:string[]
UserSession: key:string userName:string fullName:string loginTime:dateTime lastActiveTime:dateTime locale:string
 messageLocale:string extensionSession:boolean ipAddress:string userAgent:string callCount:long
VAppConfigInfo<VmConfigInfo: entityConfig?:VAppEntityConfigInfo[] annotation:string instanceUuid?:string managedBy?:ManagedByInfo
VAppEntityConfigInfo: key?:&ManagedEntity tag?:string startOrder?:int startDelay?:int waitingForGuest?:boolean startAction?:string
 stopDelay?:int stopAction?:string destroyWithParent?:boolean
VAppIPAssignmentInfo: supportedAllocationScheme?:string[] ipAllocationPolicy?:string supportedIpProtocol?:string[]
 ipProtocol?:string
VAppOvfSectionInfo: key?:int namespace?:string type?:string atEnvelopeLevel?:boolean contents?:string
VAppOvfSectionSpec<ArrayUpdateSpec: info?:VAppOvfSectionInfo
VAppProductInfo: key:int classId?:string instanceId?:string name?:string vendor?:string version?:string fullVersion?:string
 vendorUrl?:string productUrl?:string appUrl?:string
VAppProductSpec<ArrayUpdateSpec: info?:VAppProductInfo
VAppPropertyInfo: key:int classId?:string instanceId?:string id?:string category?:string label?:string type?:string
 typeReference?:string userConfigurable?:boolean defaultValue?:string value?:string description?:string
VAppPropertySpec<ArrayUpdateSpec: info?:VAppPropertyInfo
VASAStorageArray: name:string uuid:string vendorId:string modelId:string
 discoverySvcInfo?:VASAStorageArrayDiscoverySvcInfo[]@8.0.0.0
VASAStorageArrayDiscoveryFcTransport@8.0.0.0: nodeWwn:string@8.0.0.0 portWwn:string@8.0.0.0
VASAStorageArrayDiscoveryIpTransport@8.0.0.0: ipAddress:string@8.0.0.0 portNumber?:string@8.0.0.0
VASAStorageArrayDiscoverySvcInfo@8.0.0.0: portType:string@8.0.0.0 svcNqn:string@8.0.0.0
 ipInfo?:VASAStorageArrayDiscoveryIpTransport@8.0.0.0 fcInfo?:VASAStorageArrayDiscoveryFcTransport@8.0.0.0
VimFault<MethodFault:
VimVasaProvider: uid?:string@6.7 url:string name?:string selfSignedCertificate?:string
 vhostConfig?:VimVasaProviderVirtualHostConfig@8.0.1.0 versionId?:int@8.0.1.0
VimVasaProviderInfo: provider:VimVasaProvider arrayState?:VimVasaProviderStatePerArray[]
VimVasaProviderStatePerArray: priority:int arrayId:string active:boolean
VimVasaProviderVirtualHostConfig@8.0.1.0: vhostName?:string@8.0.1.0 serviceHost:string@8.0.1.0 servicePort?:int@8.0.1.0
VirtualAHCIController<VirtualSATAController:
VirtualAppLinkInfo: key:&ManagedEntity destroyWithParent?:boolean
VirtualBusLogicController<VirtualSCSIController:
VirtualCdrom<VirtualDevice:
VirtualCdromRemotePassthroughBackingInfo<VirtualDeviceRemoteDeviceBackingInfo: exclusive:boolean
VirtualController<VirtualDevice: busNumber:int device?:int[]
VirtualDevice: key:int deviceInfo?:Description backing?:VirtualDeviceBackingInfo connectable?:VirtualDeviceConnectInfo
 slotInfo?:VirtualDeviceBusSlotInfo controllerKey?:int unitNumber?:int numaNode?:int@8.0.0.1
 deviceGroupInfo?:VirtualDeviceDeviceGroupInfo@8.0.0.1
VirtualDeviceBackingInfo:
VirtualDeviceBusSlotInfo:
VirtualDeviceConfigSpec: operation?:%VirtualDeviceConfigSpecOperation fileOperation?:%VirtualDeviceConfigSpecFileOperation
 device:VirtualDevice profile?:VirtualMachineProfileSpec[] backing?:VirtualDeviceConfigSpecBackingSpec
 filterSpec?:VirtualMachineBaseIndependentFilterSpec[]@7.0.2.1 changeMode?:string@8.0.0.1
VirtualDeviceConfigSpecBackingSpec: parent?:VirtualDeviceConfigSpecBackingSpec crypto?:CryptoSpec
VirtualDeviceConnectInfo: migrateConnect?:string@6.7 startConnected:boolean allowGuestControl:boolean connected:boolean
 status?:string
VirtualDeviceDeviceBackingInfo<VirtualDeviceBackingInfo: deviceName:string useAutoDetect?:boolean
VirtualDeviceDeviceGroupInfo@8.0.0.1: groupInstanceKey:int@8.0.0.1 sequenceId:int@8.0.0.1
VirtualDeviceFileBackingInfo<VirtualDeviceBackingInfo: fileName:string datastore?:&Datastore backingObjectId?:string
VirtualDeviceRemoteDeviceBackingInfo<VirtualDeviceBackingInfo: deviceName:string useAutoDetect?:boolean
VirtualDisk<VirtualDevice: capacityInKB:long capacityInBytes?:long shares?:SharesInfo storageIOAllocation?:StorageIOAllocationInfo
 diskObjectId?:string vFlashCacheConfigInfo?:VirtualDiskVFlashCacheConfigInfo iofilter?:string[] vDiskId?:ID
 vDiskVersion?:int@8.0.1.0 virtualDiskFormat?:string@9.0.0.0 nativeUnmanagedLinkedClone?:boolean@6.7
 independentFilters?:VirtualMachineBaseIndependentFilterSpec[]@7.0.2.1 guestReadOnly?:boolean@8.0.2.0
 diskChainBrokenIssue?:string@9.1.0.0
VirtualDiskAntiAffinityRuleSpec<ClusterRuleInfo: diskId:int[]
VirtualDiskFlatVer2BackingInfo<VirtualDeviceFileBackingInfo: diskMode:string split?:boolean writeThrough?:boolean
 thinProvisioned?:boolean eagerlyScrub?:boolean uuid?:string contentId?:string changeId?:string
 parent?:VirtualDiskFlatVer2BackingInfo deltaDiskFormat?:string digestEnabled?:boolean deltaGrainSize?:int
 deltaDiskFormatVariant?:string sharing?:string keyId?:CryptoKeyId
VirtualDiskRawDiskMappingVer1BackingInfo<VirtualDeviceFileBackingInfo: lunUuid?:string deviceName?:string compatibilityMode?:string
 diskMode?:string uuid?:string contentId?:string changeId?:string parent?:VirtualDiskRawDiskMappingVer1BackingInfo
 deltaDiskFormat?:string@6.7 deltaGrainSize?:int@6.7 sharing?:string
VirtualDiskRuleSpec<ClusterRuleInfo@6.7: diskRuleType:string@6.7 diskId?:int[]@6.7
VirtualDiskSeSparseBackingInfo<VirtualDeviceFileBackingInfo: diskMode:string writeThrough?:boolean uuid?:string contentId?:string
 changeId?:string parent?:VirtualDiskSeSparseBackingInfo deltaDiskFormat?:string digestEnabled?:boolean grainSize?:int
 keyId?:CryptoKeyId
VirtualDiskVFlashCacheConfigInfo: vFlashModule?:string reservationInMB?:long cacheConsistencyType?:string cacheMode?:string
 blockSizeInKB?:long
VirtualEthernetCard<VirtualDevice: addressType?:string macAddress?:string wakeOnLanEnabled?:boolean
 resourceAllocation?:VirtualEthernetCardResourceAllocation externalId?:string uptCompatibilityEnabled?:boolean
 subnetId?:string@9.0.0.0
VirtualEthernetCardNetworkBackingInfo<VirtualDeviceDeviceBackingInfo: network?:&Network inPassthroughMode?:boolean
VirtualEthernetCardResourceAllocation: reservation?:long share:SharesInfo limit?:long
VirtualHardware: numCPU:int numCoresPerSocket?:int autoCoresPerSocket?:boolean@8.0.0.1 memoryMB:int virtualICH7MPresent?:boolean
 virtualSMCPresent?:boolean device?:VirtualDevice[] motherboardLayout?:string@8.0.0.1 simultaneousThreads?:int@8.0.0.1
VirtualIDEController<VirtualController:
VirtualKeyboard<VirtualDevice:
VirtualLsiLogicController<VirtualSCSIController:
VirtualLsiLogicSASController<VirtualSCSIController:
VirtualMachineAffinityInfo: affinitySet?:int[]
VirtualMachineBaseIndependentFilterSpec@7.0.2.1:
VirtualMachineBootOptions: bootDelay?:long enterBIOSSetup?:boolean efiSecureBootEnabled?:boolean bootRetryEnabled?:boolean
 bootRetryDelay?:long bootOrder?:VirtualMachineBootOptionsBootableDevice[] networkBootProtocol?:string
VirtualMachineBootOptionsBootableDevice:
VirtualMachineCapability: snapshotOperationsSupported:boolean multipleSnapshotsSupported:boolean snapshotConfigSupported:boolean
 poweredOffSnapshotsSupported:boolean memorySnapshotsSupported:boolean revertToSnapshotSupported:boolean
 quiescedSnapshotsSupported:boolean disableSnapshotsSupported:boolean lockSnapshotsSupported:boolean
 consolePreferencesSupported:boolean cpuFeatureMaskSupported:boolean s1AcpiManagementSupported:boolean
 settingScreenResolutionSupported:boolean toolsAutoUpdateSupported:boolean vmNpivWwnSupported:boolean
 npivWwnOnNonRdmVmSupported:boolean vmNpivWwnDisableSupported:boolean vmNpivWwnUpdateSupported:boolean
 swapPlacementSupported:boolean toolsSyncTimeSupported:boolean virtualMmuUsageSupported:boolean diskSharesSupported:boolean
 bootOptionsSupported:boolean bootRetryOptionsSupported:boolean settingVideoRamSizeSupported:boolean
 settingDisplayTopologySupported:boolean recordReplaySupported:boolean changeTrackingSupported:boolean
 multipleCoresPerSocketSupported:boolean hostBasedReplicationSupported:boolean guestAutoLockSupported:boolean
 memoryReservationLockSupported:boolean featureRequirementSupported:boolean poweredOnMonitorTypeChangeSupported:boolean
 seSparseDiskSupported:boolean nestedHVSupported:boolean vPMCSupported:boolean secureBootSupported?:boolean
 perVmEvcSupported?:boolean@6.7 virtualMmuUsageIgnored?:boolean@6.7 virtualExecUsageIgnored?:boolean@6.7
 diskOnlySnapshotOnSuspendedVMSupported?:boolean@6.7 suspendToMemorySupported?:boolean@7.0.2.0
 toolsSyncTimeAllowSupported?:boolean@7.0.1.0 sevSupported?:boolean@7.0.1.0 pmemFailoverSupported?:boolean@7.0.2.0
 requireSgxAttestationSupported?:boolean@8.0.0.1 changeModeDisksSupported?:boolean@8.0.0.1
 vendorDeviceGroupSupported?:boolean@8.0.1.0 sevSnpSupported?:boolean@9.0.0.0 tdxSupported?:boolean@9.0.0.0
 ehvSecureBootSupported?:boolean@9.1.0.0
VirtualMachineCertThumbprint@7.0.3.1: thumbprint:string@7.0.3.1 hashAlgorithm?:string@7.0.3.1
VirtualMachineConfigInfo: changeVersion:string modified:dateTime name:string guestFullName:string version:string uuid:string
 createDate?:dateTime@6.7 instanceUuid?:string npivNodeWorldWideName?:long[] npivPortWorldWideName?:long[]
 npivWorldWideNameType?:string npivDesiredNodeWwns?:short npivDesiredPortWwns?:short npivTemporaryDisabled?:boolean
 npivOnNonRdmDisks?:boolean locationId?:string template:boolean guestId:string alternateGuestName:string annotation?:string
 files:VirtualMachineFileInfo tools?:ToolsConfigInfo flags:VirtualMachineFlagInfo
 consolePreferences?:VirtualMachineConsolePreferences defaultPowerOps:VirtualMachineDefaultPowerOpInfo
 rebootPowerOff?:boolean@8.0.0.1 hardware:VirtualHardware vcpuConfig?:VirtualMachineVcpuConfig[]@7.0.0.0
 cpuAllocation?:ResourceAllocationInfo memoryAllocation?:ResourceAllocationInfo latencySensitivity?:LatencySensitivity
 memoryHotAddEnabled?:boolean cpuHotAddEnabled?:boolean cpuHotRemoveEnabled?:boolean hotPlugMemoryLimit?:long
 hotPlugMemoryIncrementSize?:long cpuAffinity?:VirtualMachineAffinityInfo memoryAffinity?:VirtualMachineAffinityInfo
 networkShaper?:VirtualMachineNetworkShaperInfo extraConfig?:OptionValue[] cpuFeatureMask?:HostCpuIdInfo[]
 datastoreUrl?:VirtualMachineConfigInfoDatastoreUrlPair[] swapPlacement?:string bootOptions?:VirtualMachineBootOptions
 ftInfo?:FaultToleranceConfigInfo repConfig?:ReplicationConfigSpec vAppConfig?:VmConfigInfo vAssertsEnabled?:boolean
 changeTrackingEnabled?:boolean firmware?:string maxMksConnections?:int guestAutoLockEnabled?:boolean managedBy?:ManagedByInfo
 memoryReservationLockedToMax?:boolean initialOverhead?:VirtualMachineConfigInfoOverheadInfo nestedHVEnabled?:boolean
 vPMCEnabled?:boolean scheduledHardwareUpgradeInfo?:ScheduledHardwareUpgradeInfo forkConfigInfo?:VirtualMachineForkConfigInfo
 vFlashCacheReservation?:long vmxConfigChecksum?:base64Binary messageBusTunnelEnabled?:boolean vmStorageObjectId?:string
 swapStorageObjectId?:string keyId?:CryptoKeyId guestIntegrityInfo?:VirtualMachineGuestIntegrityInfo migrateEncryption?:string
 sgxInfo?:VirtualMachineSgxInfo@7.0.0.0 contentLibItemInfo?:VirtualMachineContentLibraryItemInfo@7.0.0.0
 ftEncryptionMode?:string@7.0.2.0 guestMonitoringModeInfo?:VirtualMachineGuestMonitoringModeInfo@7.0.0.0 sevEnabled?:boolean@7.0.1.0
 numaInfo?:VirtualMachineVirtualNumaInfo@8.0.0.1 pmemFailoverEnabled?:boolean@7.0.2.0 vmxStatsCollectionEnabled?:boolean@7.0.3.1
 vmOpNotificationToAppEnabled?:boolean@7.0.3.0 vmOpNotificationTimeout?:long@8.0.0.1
 deviceSwap?:VirtualMachineVirtualDeviceSwap@8.0.0.1 pmem?:VirtualMachineVirtualPMem@7.0.3.0
 deviceGroups?:VirtualMachineVirtualDeviceGroups@8.0.0.1 fixedPassthruHotPlugEnabled?:boolean@8.0.1.0
 metroFtEnabled?:boolean@8.0.3.0 vmxRuntimeConfig?:OptionValue[]@9.0.0.0 metroFtHostGroup?:string@8.0.3.0
 tdxEnabled?:boolean@9.0.0.0 sevSnpEnabled?:boolean@9.0.0.0 guestArchitecture?:string@9.1.0.0
VirtualMachineConfigInfoDatastoreUrlPair: name:string url:string
VirtualMachineConfigInfoOverheadInfo: initialMemoryReservation?:long initialSwapReservation?:long
VirtualMachineConfigSpec: changeVersion?:string name?:string version?:string createDate?:dateTime@6.7 uuid?:string
 instanceUuid?:string npivNodeWorldWideName?:long[] npivPortWorldWideName?:long[] npivWorldWideNameType?:string
 npivDesiredNodeWwns?:short npivDesiredPortWwns?:short npivTemporaryDisabled?:boolean npivOnNonRdmDisks?:boolean
 npivWorldWideNameOp?:string locationId?:string guestId?:string alternateGuestName?:string annotation?:string
 files?:VirtualMachineFileInfo tools?:ToolsConfigInfo flags?:VirtualMachineFlagInfo
 consolePreferences?:VirtualMachineConsolePreferences powerOpInfo?:VirtualMachineDefaultPowerOpInfo rebootPowerOff?:boolean@8.0.0.1
 numCPUs?:int vcpuConfig?:VirtualMachineVcpuConfig[]@7.0.0.0 numCoresPerSocket?:int memoryMB?:long memoryHotAddEnabled?:boolean
 cpuHotAddEnabled?:boolean cpuHotRemoveEnabled?:boolean virtualICH7MPresent?:boolean virtualSMCPresent?:boolean
 deviceChange?:VirtualDeviceConfigSpec[] cpuAllocation?:ResourceAllocationInfo memoryAllocation?:ResourceAllocationInfo
 latencySensitivity?:LatencySensitivity cpuAffinity?:VirtualMachineAffinityInfo memoryAffinity?:VirtualMachineAffinityInfo
 networkShaper?:VirtualMachineNetworkShaperInfo cpuFeatureMask?:VirtualMachineCpuIdInfoSpec[] extraConfig?:OptionValue[]
 swapPlacement?:string bootOptions?:VirtualMachineBootOptions vAppConfig?:VmConfigSpec ftInfo?:FaultToleranceConfigInfo
 repConfig?:ReplicationConfigSpec vAppConfigRemoved?:boolean vAssertsEnabled?:boolean changeTrackingEnabled?:boolean
 firmware?:string maxMksConnections?:int guestAutoLockEnabled?:boolean managedBy?:ManagedByInfo
 memoryReservationLockedToMax?:boolean nestedHVEnabled?:boolean vPMCEnabled?:boolean
 scheduledHardwareUpgradeInfo?:ScheduledHardwareUpgradeInfo vmProfile?:VirtualMachineProfileSpec[] messageBusTunnelEnabled?:boolean
 crypto?:CryptoSpec migrateEncryption?:string sgxInfo?:VirtualMachineSgxInfo@7.0.0.0 ftEncryptionMode?:string@7.0.2.0
 guestMonitoringModeInfo?:VirtualMachineGuestMonitoringModeInfo@7.0.0.0 sevEnabled?:boolean@7.0.1.0
 virtualNuma?:VirtualMachineVirtualNuma@8.0.0.1 motherboardLayout?:string@8.0.0.1 pmemFailoverEnabled?:boolean@7.0.2.0
 vmxStatsCollectionEnabled?:boolean@7.0.3.1 vmOpNotificationToAppEnabled?:boolean@7.0.3.0 vmOpNotificationTimeout?:long@8.0.0.1
 deviceSwap?:VirtualMachineVirtualDeviceSwap@8.0.0.1 simultaneousThreads?:int@8.0.0.1 pmem?:VirtualMachineVirtualPMem@7.0.3.0
 deviceGroups?:VirtualMachineVirtualDeviceGroups@8.0.0.1 fixedPassthruHotPlugEnabled?:boolean@8.0.1.0
 metroFtEnabled?:boolean@8.0.3.0 metroFtHostGroup?:string@8.0.3.0 tdxEnabled?:boolean@9.0.0.0 sevSnpEnabled?:boolean@9.0.0.0
 tagSpecs?:TagSpec[]@9.1.0.0 vmPlacementPolicies?:VmPlacementPolicy[]@9.1.0.0
VirtualMachineConfigSummary: name:string template:boolean vmPathName:string memorySizeMB?:int cpuReservation?:int
 memoryReservation?:int numCpu?:int numEthernetCards?:int numVirtualDisks?:int uuid?:string instanceUuid?:string guestId?:string
 guestFullName?:string annotation?:string product?:VAppProductInfo installBootRequired?:boolean ftInfo?:FaultToleranceConfigInfo
 managedBy?:ManagedByInfo tpmPresent?:boolean@6.7 numVmiopBackings?:int@6.7 hwVersion?:string@6.9.1
VirtualMachineConsolePreferences: powerOnWhenOpened?:boolean enterFullScreenOnPowerOn?:boolean closeOnPowerOffOrSuspend?:boolean
VirtualMachineContentLibraryItemInfo@7.0.0.0: contentLibraryItemUuid:string@7.0.0.0 contentLibraryItemVersion?:string@7.0.0.0
VirtualMachineCpuIdInfoSpec<ArrayUpdateSpec: info?:HostCpuIdInfo
VirtualMachineDefaultPowerOpInfo: powerOffType?:string suspendType?:string resetType?:string defaultPowerOffType?:string
 defaultSuspendType?:string defaultResetType?:string standbyAction?:string
VirtualMachineDeviceRuntimeInfo: runtimeState:VirtualMachineDeviceRuntimeInfoDeviceRuntimeState key:int
VirtualMachineDeviceRuntimeInfoDeviceRuntimeState:
VirtualMachineFeatureRequirement: key:string featureName:string value:string
VirtualMachineFileInfo: vmPathName?:string snapshotDirectory?:string suspendDirectory?:string logDirectory?:string
 ftMetadataDirectory?:string
VirtualMachineFileLayout: configFile?:string[] logFile?:string[] disk?:VirtualMachineFileLayoutDiskLayout[]
 snapshot?:VirtualMachineFileLayoutSnapshotLayout[] swapFile?:string
VirtualMachineFileLayoutDiskLayout: key:int diskFile:string[]
VirtualMachineFileLayoutEx: file?:VirtualMachineFileLayoutExFileInfo[] disk?:VirtualMachineFileLayoutExDiskLayout[]
 snapshot?:VirtualMachineFileLayoutExSnapshotLayout[] timestamp:dateTime
VirtualMachineFileLayoutExDiskLayout: key:int virtualDiskFormat?:string@9.0.0.0 chain?:VirtualMachineFileLayoutExDiskUnit[]
VirtualMachineFileLayoutExDiskUnit: fileKey:int[]
VirtualMachineFileLayoutExFileInfo: key:int name:string type:string size:long uniqueSize?:long backingObjectId?:string
 accessible?:boolean
VirtualMachineFileLayoutExSnapshotLayout: key:&VirtualMachineSnapshot dataKey:int memoryKey:int
 disk?:VirtualMachineFileLayoutExDiskLayout[]
VirtualMachineFileLayoutSnapshotLayout: key:&VirtualMachineSnapshot snapshotFile:string[]
VirtualMachineFlagInfo: disableAcceleration?:boolean enableLogging?:boolean useToe?:boolean runWithDebugInfo?:boolean
 monitorType?:string htSharing?:string snapshotDisabled?:boolean snapshotLocked?:boolean diskUuidEnabled?:boolean
 virtualMmuUsage?:string virtualExecUsage?:string snapshotPowerOffBehavior?:string recordReplayEnabled?:boolean
 faultToleranceType?:string cbrcCacheEnabled?:boolean vvtdEnabled?:boolean@6.7 vbsEnabled?:boolean@6.7
VirtualMachineForkConfigInfo: parentEnabled?:boolean childForkGroupId?:string parentForkGroupId?:string childType?:string
VirtualMachineGuestIntegrityInfo: enabled?:boolean
VirtualMachineGuestMonitoringModeInfo@7.0.0.0: gmmFile?:string@7.0.0.0 gmmAppliance?:string@7.0.0.0
VirtualMachineGuestQuiesceSpec: timeout?:int
VirtualMachineGuestRebootStatus@9.1.0.0: rebootRequested:boolean@9.1.0.0 requestingComponents?:string[]@9.1.0.0
 requestTimestamp?:dateTime@9.1.0.0
VirtualMachineGuestSummary: guestId?:string guestFullName?:string toolsStatus?:%VirtualMachineToolsStatus toolsVersionStatus?:string
 toolsVersionStatus2?:string toolsRunningStatus?:string hostName?:string ipAddress?:string hwVersion?:string@6.9.1
VirtualMachineMemoryReservationInfo: virtualMachineMin:long virtualMachineMax:long virtualMachineReserved:long
 allocationPolicy:string
VirtualMachineMessage: id:string argument?:anyType[] text?:string
VirtualMachineNetworkShaperInfo: enabled?:boolean peakBps?:long averageBps?:long burstSize?:long
VirtualMachineProfileSpec:
VirtualMachineQuestionInfo: id:string text:string choice:ChoiceOption message?:VirtualMachineMessage[]
VirtualMachineQuickStats: overallCpuUsage?:int overallCpuDemand?:int overallCpuReadiness?:int@7.0.0.0 guestMemoryUsage?:int
 hostMemoryUsage?:int guestHeartbeatStatus:%ManagedEntityStatus distributedCpuEntitlement?:int distributedMemoryEntitlement?:int
 staticCpuEntitlement?:int staticMemoryEntitlement?:int grantedMemory?:int@7.0.0.0 privateMemory?:int sharedMemory?:int
 swappedMemory?:int balloonedMemory?:int consumedOverheadMemory?:int ftLogBandwidth?:int ftSecondaryLatency?:int
 ftLatencyStatus?:%ManagedEntityStatus compressedMemory?:long uptimeSeconds?:int ssdSwappedMemory?:long activeMemory?:int@7.0.3.0
 memoryTierStats?:VirtualMachineQuickStatsMemoryTierStats[]@7.0.3.0
VirtualMachineQuickStatsMemoryTierStats@7.0.3.0: memoryTierType:string@7.0.3.0 readBandwidth:long@7.0.3.0
VirtualMachineRuntimeInfo: device?:VirtualMachineDeviceRuntimeInfo[] host?:&HostSystem
 connectionState:%VirtualMachineConnectionState powerState:%VirtualMachinePowerState vmFailoverInProgress?:boolean@7.0.2.0
 faultToleranceState:%VirtualMachineFaultToleranceState dasVmProtection?:VirtualMachineRuntimeInfoDasProtectionState
 toolsInstallerMounted:boolean suspendTime?:dateTime bootTime?:dateTime suspendInterval?:long question?:VirtualMachineQuestionInfo
 memoryOverhead?:long maxCpuUsage?:int maxMemoryUsage?:int numMksConnections:int recordReplayState:%VirtualMachineRecordReplayState
 cleanPowerOff?:boolean needSecondaryReason?:string onlineStandby:boolean minRequiredEVCModeKey?:string consolidationNeeded:boolean
 offlineFeatureRequirement?:VirtualMachineFeatureRequirement[] featureRequirement?:VirtualMachineFeatureRequirement[]
 featureMask?:HostFeatureMask[] vFlashCacheAllocation?:long paused?:boolean snapshotInBackground?:boolean
 quiescedForkParent?:boolean instantCloneFrozen?:boolean@6.7 cryptoState?:string@6.7 suspendedToMemory?:boolean@7.0.2.0
 opNotificationTimeout?:long@8.0.0.1 iommuActive?:boolean@8.0.1.0 consolidateWorkTotal?:long@9.1.0.0
 consolidateWorkDone?:long@9.1.0.0 diskChainBroken?:boolean@9.1.0.0
VirtualMachineRuntimeInfoDasProtectionState: dasProtected:boolean
VirtualMachineSgxInfo@7.0.0.0: epcSize:long@7.0.0.0 flcMode?:string@7.0.0.0 lePubKeyHash?:string@7.0.0.0
 requireAttestation?:boolean@8.0.0.1
VirtualMachineSnapshotInfo: currentSnapshot?:&VirtualMachineSnapshot rootSnapshotList:VirtualMachineSnapshotTree[]
VirtualMachineSnapshotTree: snapshot:&VirtualMachineSnapshot vm:&VirtualMachine name:string description:string id:int
 createTime:dateTime state:%VirtualMachinePowerState quiesced:boolean backupManifest?:string
 childSnapshotList?:VirtualMachineSnapshotTree[] replaySupported?:boolean
VirtualMachineStorageInfo: perDatastoreUsage?:VirtualMachineUsageOnDatastore[] timestamp:dateTime
VirtualMachineStorageSummary: committed:long uncommitted:long unshared:long timestamp:dateTime
VirtualMachineSummary: vm?:&VirtualMachine runtime:VirtualMachineRuntimeInfo guest?:VirtualMachineGuestSummary
 config:VirtualMachineConfigSummary storage?:VirtualMachineStorageSummary quickStats:VirtualMachineQuickStats
 overallStatus:%ManagedEntityStatus customValue?:CustomFieldValue[]
VirtualMachineUsageOnDatastore: datastore:&Datastore committed:long uncommitted:long unshared:long
VirtualMachineVcpuConfig@7.0.0.0: latencySensitivity?:LatencySensitivity@7.0.0.0
VirtualMachineVideoCard<VirtualDevice: videoRamSizeInKB?:long numDisplays?:int useAutoDetect?:boolean enable3DSupport?:boolean
 use3dRenderer?:string graphicsMemorySizeInKB?:long
VirtualMachineVirtualDeviceGroups@8.0.0.1: deviceGroup?:VirtualMachineVirtualDeviceGroupsDeviceGroup[]@8.0.0.1
VirtualMachineVirtualDeviceGroupsDeviceGroup: groupInstanceKey:int deviceInfo?:Description
VirtualMachineVirtualDeviceSwap@8.0.0.1: lsiToPvscsi?:VirtualMachineVirtualDeviceSwapDeviceSwapInfo@8.0.0.1
VirtualMachineVirtualDeviceSwapDeviceSwapInfo@8.0.0.1: enabled?:boolean@8.0.0.1 applicable?:boolean@8.0.0.1 status?:string@8.0.0.1
VirtualMachineVirtualNuma@8.0.0.1: coresPerNumaNode?:int@8.0.0.1 exposeVnumaOnCpuHotadd?:boolean@8.0.0.1
VirtualMachineVirtualNumaInfo@8.0.0.1: coresPerNumaNode?:int@8.0.0.1 autoCoresPerNumaNode?:boolean@8.0.0.1
 vnumaOnCpuHotaddExposed?:boolean@8.0.0.1
VirtualMachineVirtualPMem@7.0.3.0: snapshotMode?:string@7.0.3.0
VirtualMachineWindowsQuiesceSpec<VirtualMachineGuestQuiesceSpec: vssBackupType?:int vssBootableSystemState?:boolean
 vssPartialFileSupport?:boolean vssBackupContext?:string
VirtualNicManagerNetConfig: nicType:string multiSelectAllowed:boolean candidateVnic?:HostVirtualNic[] selectedVnic?:Link[]
VirtualNVMEController<VirtualController: sharedBus?:string@8.0.2.0
VirtualPCIController<VirtualController:
VirtualPointingDevice<VirtualDevice:
VirtualPS2Controller<VirtualController:
VirtualSATAController<VirtualController:
VirtualSCSIController<VirtualController: hotAddRemove?:boolean sharedBus:%VirtualSCSISharing scsiCtlrUnitNumber?:int
VirtualSIOController<VirtualController:
VirtualTPM<VirtualDevice@6.7: endorsementKeyCertificateSigningRequest?:base64Binary[]@6.7
 endorsementKeyCertificate?:base64Binary[]@6.7
VirtualVmxnet3<VirtualVmxnet: uptv2Enabled?:boolean@8.0.0.1 strictLatencyConfig?:VirtualVmxnet3StrictLatencyConfig@8.0.3.1
VirtualVmxnet3StrictLatencyConfig@8.0.3.1: allowed?:boolean@8.0.3.1 measureLatency?:boolean@8.0.3.1 maxTxQueues?:int@8.0.3.1
 maxRxQueues?:int@8.0.3.1 txDataRingDescSize?:int@8.0.3.1 rxDataRingDescSize?:int@8.0.3.1 disableOffload?:string@8.0.3.1
VirtualVmxnet<VirtualEthernetCard:
VmConfigFault<VimFault:
VmConfigFileEncryptionInfo: keyId?:CryptoKeyId
VmConfigFileInfo<FileInfo: configVersion?:int encryption?:VmConfigFileEncryptionInfo
VmConfigFileQuery<FileQuery: filter?:VmConfigFileQueryFilter details?:VmConfigFileQueryFlags
VmConfigFileQueryFilter: matchConfigVersion?:int[] encrypted?:boolean
VmConfigFileQueryFlags: configVersion:boolean encryption?:boolean
VmConfigInfo: product?:VAppProductInfo[] property?:VAppPropertyInfo[] ipAssignment:VAppIPAssignmentInfo eula?:string[]
 ovfSection?:VAppOvfSectionInfo[] ovfEnvironmentTransport?:string[] installBootRequired:boolean installBootStopDelay:int
VmConfigSpec: product?:VAppProductSpec[] property?:VAppPropertySpec[] ipAssignment?:VAppIPAssignmentInfo eula?:string[]
 ovfSection?:VAppOvfSectionSpec[] ovfEnvironmentTransport?:string[] installBootRequired?:boolean installBootStopDelay?:int
VmDiskFileEncryptionInfo: keyId?:CryptoKeyId
VmDiskFileInfo<FileInfo: diskType?:TypeName capacityKb?:long hardwareVersion?:int controllerType?:TypeName diskExtents?:string[]
 thin?:boolean encryption?:VmDiskFileEncryptionInfo sectorFormat?:string@9.0.0.0
VmDiskFileQuery<FileQuery: filter?:VmDiskFileQueryFilter details?:VmDiskFileQueryFlags
VmDiskFileQueryFilter: diskType?:TypeName[] matchHardwareVersion?:int[] controllerType?:TypeName[] thin?:boolean encrypted?:boolean
VmDiskFileQueryFlags: diskType:boolean capacityKb:boolean hardwareVersion:boolean controllerType?:boolean diskExtents?:boolean
 thin?:boolean encryption?:boolean sectorFormat?:boolean@9.0.0.0
VmEventArgument<EntityEventArgument: vm:&VirtualMachine
VmfsDatastoreInfo<DatastoreInfo: maxPhysicalRDMFileSize:long maxVirtualRDMFileSize:long vmfs?:HostVmfsVolume
VmfsUnmapBandwidthSpec@6.7: policy:string@6.7 fixedValue:long@6.7
VmLogFileInfo<FileInfo:
VmLogFileQuery<FileQuery:
VmNvramFileInfo<FileInfo:
VmNvramFileQuery<FileQuery:
VmPlacementPolicy@9.1.0.0:
VmSnapshotFileInfo<FileInfo:
VmSnapshotFileQuery<FileQuery:
VsanClusterConfigInfo: enabled?:boolean defaultConfig?:VsanClusterConfigInfoHostDefaultInfo vsanEsaEnabled?:boolean@8.0.0.1
 vsanCyberRecoveryEnabled?:boolean@9.1.0.0
VsanClusterConfigInfoHostDefaultInfo: uuid?:string autoClaimStorage?:boolean checksumEnabled?:boolean
VsanClusterCoreConfig@9.0.0.0: vsanMaxEnabled?:boolean@9.0.0.0
VsanDatastoreInfo<DatastoreInfo@7.0.1.0: membershipUuid?:string@7.0.1.0 accessGenNo?:int@7.0.1.0
VsanHostConfigInfo: enabled?:boolean hostSystem?:&HostSystem clusterInfo?:VsanHostConfigInfoClusterInfo
 storageInfo?:VsanHostConfigInfoStorageInfo networkInfo?:VsanHostConfigInfoNetworkInfo faultDomainInfo?:VsanHostFaultDomainInfo
 vsanEsaEnabled?:boolean@8.0.0.1 vsanCyberRecoveryEnabled?:boolean@9.1.0.0
VsanHostConfigInfoClusterInfo: uuid?:string nodeUuid?:string
VsanHostConfigInfoNetworkInfo: port?:VsanHostConfigInfoNetworkInfoPortConfig[]
VsanHostConfigInfoNetworkInfoPortConfig: ipConfig?:VsanHostIpConfig device:string
VsanHostConfigInfoStorageInfo: autoClaimStorage?:boolean diskMapping?:VsanHostDiskMapping[] diskMapInfo?:VsanHostDiskMapInfo[]
 checksumEnabled?:boolean
VsanHostDiskMapInfo: mapping:VsanHostDiskMapping mounted:boolean
VsanHostDiskMapping: ssd:HostScsiDisk nonSsd:HostScsiDisk[]
VsanHostFaultDomainInfo: name:string
VsanHostIpConfig: upstreamIpAddress:string downstreamIpAddress:string
VsanHostMembershipInfo: nodeUuid:string hostname:string
VsanHostRuntimeInfo: membershipList?:VsanHostMembershipInfo[] diskIssues?:VsanHostRuntimeInfoDiskIssue[] accessGenNo?:int
VsanHostRuntimeInfoDiskIssue: diskId:string issue:string
VsanHostVsanDiskInfo: vsanUuid:string formatVersion:int
VvolDatastoreInfo<DatastoreInfo: vvolDS?:HostVvolVolume
VVolHostPE: key:&HostSystem protocolEndpoint:HostProtocolEndpoint[]
WaitOptions: maxWaitSeconds?:int maxObjectUpdates?:int
`;
