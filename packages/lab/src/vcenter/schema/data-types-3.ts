// Made by generate.py from the public API description in pyVmomi. Do not edit.

/** Data types and faults, part 3 of 4. */
export const dataTypes3 = `
HostPartialMaintenanceModeRuntimeInfo@8.0.3.0: key:string@8.0.3.0 hostStatus:string@8.0.3.0
HostPciDevice: id:string classId:short bus:byte slot:byte physicalSlot?:int@9.0.0.0 slotDescription?:string@9.0.0.0 function:byte
 vendorId:short subVendorId:short vendorName:string deviceId:short subDeviceId:short parentBridge?:string deviceName:string
 deviceClassName?:string@8.0.3.0 directPathInfo?:HostPciDeviceDirectPathInfo@9.1.0.0
HostPciDeviceDirectPathInfo@9.1.0.0: interconnectType?:string@9.1.0.0 driverName?:string@9.1.0.0 driverVersion?:string@9.1.0.0
 availableMemory?:int@9.1.0.0
HostPciPassthruInfo: id:string dependentDevice:string passthruEnabled:boolean passthruCapable:boolean passthruActive:boolean
 hardwareLabel?:string@7.0.2.0 directPathState?:HostPciPassthruInfoDirectPathState@9.1.0.0
HostPciPassthruInfoDirectPathState@9.1.0.0: mode:string@9.1.0.0 configurableModes?:string[]@9.1.0.0 usedMemory?:int@9.1.0.0
HostPersistentMemoryInfo@6.7: capacityInMB?:long@6.7 volumeUUID?:string@6.7
HostPlacedVirtualNicIdentifier: vm:&VirtualMachine vnicKey:string reservation?:int
HostPlugStoreTopology: adapter?:HostPlugStoreTopologyAdapter[] path?:HostPlugStoreTopologyPath[]
 target?:HostPlugStoreTopologyTarget[] device?:HostPlugStoreTopologyDevice[] plugin?:HostPlugStoreTopologyPlugin[]
HostPlugStoreTopologyAdapter: key:string adapter:Link path?:Link[]
HostPlugStoreTopologyDevice: key:string lun:Link path?:Link[]
HostPlugStoreTopologyPath: key:string name:string channelNumber?:int targetNumber?:int lunNumber?:int adapter?:Link target?:Link
 device?:Link
HostPlugStoreTopologyPlugin: key:string name:string device?:Link[] claimedPath?:Link[]
HostPlugStoreTopologyTarget: key:string transport?:HostTargetTransport
HostPnicNetworkResourceInfo: pnicDevice:string availableBandwidthForVMTraffic?:long unusedBandwidthForVMTraffic?:long
 placedVirtualNics?:HostPlacedVirtualNicIdentifier[]
HostPortGroup: key?:string port?:HostPortGroupPort[] vswitch?:Link computedPolicy:HostNetworkPolicy spec:HostPortGroupSpec
HostPortGroupConfig: changeOperation?:string spec?:HostPortGroupSpec
HostPortGroupPort: key?:string mac?:string[] type:string
HostPortGroupSpec: name:string vlanId:int vswitchName:string policy:HostNetworkPolicy
HostPowerPolicy: key:int name:string shortName:string description:string
HostProtocolEndpoint: peType:string type?:string uuid:string hostKey?:&HostSystem[] storageArray?:string nfsServer?:string
 nfsDir?:string nfsServerScope?:string nfsServerMajor?:string nfsServerAuthType?:string nfsServerUser?:string deviceId?:string
 usedByStretchedContainer?:boolean@8.0.3.0
HostProxySwitch: dvsUuid:string dvsName:string key:string numPorts:int configNumPorts?:int numPortsAvailable:int
 uplinkPort?:KeyValue[] mtu?:int pnic?:Link[] spec:HostProxySwitchSpec hostLag?:HostProxySwitchHostLagConfig[]
 networkReservationSupported?:boolean nsxtEnabled?:boolean@7.0.0.0 ensEnabled?:boolean@7.0.0.0 ensInterruptEnabled?:boolean@7.0.0.0
 transportZones?:DistributedVirtualSwitchHostMemberTransportZoneInfo[]@7.0.0.0 nsxUsedUplinkPort?:string[]@7.0.0.0
 nsxtStatus?:string@7.0.0.0 nsxtStatusDetail?:string@7.0.0.0 ensInfo?:HostProxySwitchEnsInfo@8.0.0.1
 networkOffloadingEnabled?:boolean@8.0.0.1 hostUplinkState?:DistributedVirtualSwitchHostMemberHostUplinkState[]@8.0.3.0
 autoDeployOwned?:boolean@9.1.0.0 hostPerfNicOffloadState?:DistributedVirtualSwitchHostMemberHostPerfNicOffloadState@9.1.0.0
 teplessMode?:boolean@9.1.0.0
HostProxySwitchConfig: changeOperation?:string uuid:string spec?:HostProxySwitchSpec
HostProxySwitchEnsInfo@8.0.0.1: opsVersion:long@8.0.0.1 numPSOps:long@8.0.0.1 numLcoreOps:long@8.0.0.1 errorStatus:long@8.0.0.1
 lcoreStatus:long@8.0.0.1
HostProxySwitchHostLagConfig: lagKey:string lagName?:string uplinkPort?:KeyValue[]
HostProxySwitchSpec: backing?:DistributedVirtualSwitchHostMemberBacking
HostPtpConfig@7.0.3.0: domain?:int@7.0.3.0 port?:HostPtpConfigPtpPort[]@7.0.3.0
HostPtpConfigPtpPort@7.0.3.0: index:int@7.0.3.0 deviceType?:string@7.0.3.0 device?:string@7.0.3.0 ipConfig?:HostIpConfig@7.0.3.0
HostQualifiedName@7.0.3.0: value:string@7.0.3.0 type:string@7.0.3.0
HostRdmaDevice@7.0.0.0: key:string@7.0.0.0 device:string@7.0.0.0 driver?:string@7.0.0.0 description?:string@7.0.0.0
 backing?:HostRdmaDeviceBacking@7.0.0.0 connectionInfo:HostRdmaDeviceConnectionInfo@7.0.0.0
 capability:HostRdmaDeviceCapability@7.0.0.0
HostRdmaDeviceBacking@7.0.0.0:
HostRdmaDeviceCapability@7.0.0.0: roceV1Capable:boolean@7.0.0.0 roceV2Capable:boolean@7.0.0.0 iWarpCapable:boolean@7.0.0.0
HostRdmaDeviceConnectionInfo@7.0.0.0: state:string@7.0.0.0 mtu:int@7.0.0.0 speedInMbps:int@7.0.0.0
HostReliableMemoryInfo: memorySize:long
HostRuntimeInfo: connectionState:%HostSystemConnectionState powerState:%HostSystemPowerState standbyMode?:string
 inMaintenanceMode:boolean inQuarantineMode?:boolean bootTime?:dateTime healthSystemRuntime?:HealthSystemRuntime
 dasHostState?:ClusterDasFdmHostState tpmPcrValues?:HostTpmDigestInfo[] vsanRuntimeInfo?:VsanHostRuntimeInfo
 networkRuntimeInfo?:HostRuntimeInfoNetworkRuntimeInfo vFlashResourceRuntimeInfo?:HostVFlashManagerVFlashResourceRunTimeInfo
 hostMaxVirtualDiskCapacity?:long cryptoState?:string cryptoKeyId?:CryptoKeyId statelessNvdsMigrationReady?:string@7.0.2.0
 partialMaintenanceMode?:HostPartialMaintenanceModeRuntimeInfo[]@8.0.3.0 stateEncryption?:HostRuntimeInfoStateEncryptionInfo@7.0.3.0
 podVMInfo?:PodVMInfo@9.1.0.0
HostRuntimeInfoNetStackInstanceRuntimeInfo: netStackInstanceKey:string state?:string vmknicKeys?:string[]
 maxNumberOfConnections?:int currentIpV6Enabled?:boolean
HostRuntimeInfoNetworkRuntimeInfo: netStackInstanceRuntimeInfo?:HostRuntimeInfoNetStackInstanceRuntimeInfo[]
 networkResourceRuntime?:HostNetworkResourceRuntime
HostRuntimeInfoStateEncryptionInfo@7.0.3.0: protectionMode:string@7.0.3.0 requireSecureBoot?:boolean@7.0.3.0
 requireExecInstalledOnly?:boolean@7.0.3.0
HostScsiDisk<ScsiLun: capacity:HostDiskDimensionsLba devicePath:string ssd?:boolean localDisk?:boolean physicalLocation?:string[]
 emulatedDIXDIFEnabled?:boolean vsanDiskInfo?:VsanHostVsanDiskInfo scsiDiskType?:string usedByMemoryTiering?:boolean@8.0.3.0
HostScsiDiskPartition: diskName:string partition:int
HostScsiTopology: adapter?:HostScsiTopologyInterface[]
HostScsiTopologyInterface: key:string adapter:Link target?:HostScsiTopologyTarget[]
HostScsiTopologyLun: key:string lun:int scsiLun:Link
HostScsiTopologyTarget: key:string target:int lun?:HostScsiTopologyLun[] transport?:HostTargetTransport
HostSecuritySpec: adminPassword?:string removePermission?:Permission[] addPermission?:Permission[]
HostService: key:string label:string required:boolean uninstallable:boolean running:boolean ruleset?:string[] policy:string
 sourcePackage?:HostServiceSourcePackage
HostServiceConfig: serviceId:string startupPolicy:string
HostServiceInfo: service?:HostService[]
HostServiceSourcePackage: sourcePackageName:string description:string
HostSevInfo@7.0.1.0: sevState:string@7.0.1.0 maxSevEsGuests:long@7.0.1.0 snpState?:string@9.0.0.0 snpSupported?:boolean@9.0.0.0
HostSgxInfo@7.0.0.0: sgxState:string@7.0.0.0 totalEpcMemory:long@7.0.0.0 flcMode:string@7.0.0.0 lePubKeyHash?:string@7.0.0.0
 registrationInfo?:HostSgxRegistrationInfo@8.0.0.1
HostSgxRegistrationInfo@8.0.0.1: status?:string@8.0.0.1 biosError?:int@8.0.0.1 registrationUrl?:string@8.0.0.1 type?:string@8.0.0.1
 ppid?:string@8.0.0.1 lastRegisteredTime?:dateTime@8.0.0.1
HostSharedGpuCapabilities@6.7: vgpu:string@6.7 diskSnapshotSupported:boolean@6.7 memorySnapshotSupported:boolean@6.7
 suspendSupported:boolean@6.7 migrateSupported:boolean@6.7
HostSriovDevicePoolInfo: key:string
HostSslThumbprintInfo: principal:string ownerTag:string sslThumbprints?:string[]
HostStorageDeviceInfo: hostBusAdapter?:HostHostBusAdapter[] scsiLun?:ScsiLun[] scsiTopology?:HostScsiTopology
 nvmeTopology?:HostNvmeTopology@7.0.0.0 multipathInfo?:HostMultipathInfo plugStoreTopology?:HostPlugStoreTopology
 softwareInternetScsiEnabled:boolean
HostStorageElementInfo<HostHardwareElementInfo: operationalInfo?:HostStorageOperationalInfo[]
HostStorageOperationalInfo: property:string value:string
HostSystemComplianceCheckState@6.7: state:string@6.7 checkTime:dateTime@6.7
HostSystemHealthInfo: numericSensorInfo?:HostNumericSensorInfo[]
HostSystemIdentificationInfo: identifierValue:string identifierType:ElementDescription
HostSystemInfo: vendor:string model:string family?:string@9.0.0.0 uuid:string otherIdentifyingInfo?:HostSystemIdentificationInfo[]
 serialNumber?:string@6.7 qualifiedName?:HostQualifiedName[]@7.0.3.0 vvolHostNQN?:HostQualifiedName@8.0.0.0
 vvolHostId?:string@8.0.0.0 bootCommandLine?:string@8.0.3.0
HostSystemRemediationState@6.7: state:string@6.7 operationTime:dateTime@6.7
HostSystemResourceInfo: key:string config?:ResourceConfigSpec child?:HostSystemResourceInfo[]
HostSystemSwapConfiguration: option?:HostSystemSwapConfigurationSystemSwapOption[]
HostSystemSwapConfigurationSystemSwapOption: key:int
HostTargetTransport:
HostTcpHba<HostHostBusAdapter@7.0.3.0: associatedPnic?:string@7.0.3.0
HostTdxInfo@9.0.0.0: tdxState:string@9.0.0.0 numTDXPrivateKeyIDs:int@9.0.0.0
HostTpmAttestationInfo@6.7: time:dateTime@6.7 status:%HostTpmAttestationInfoAcceptanceStatus@6.7 message?:LocalizableMessage@6.7
HostTpmDigestInfo<HostDigestInfo: pcrNumber:int
HostTrustAuthorityAttestationInfo@7.0.1.0: attestationStatus:string@7.0.1.0 serviceId?:string@7.0.1.0 attestedAt?:dateTime@7.0.1.0
 attestedUntil?:dateTime@7.0.1.0 messages?:LocalizableMessage[]@7.0.1.0
HostVffsVolume<HostFileSystemVolume: majorVersion:int version:string uuid:string extent:HostScsiDiskPartition[]
HostVFlashManagerVFlashCacheConfigInfo: vFlashModuleConfigOption?:HostVFlashManagerVFlashCacheConfigInfoVFlashModuleConfigOption[]
 defaultVFlashModule?:string swapCacheReservationInGB?:long
HostVFlashManagerVFlashCacheConfigInfoVFlashModuleConfigOption: vFlashModule:string vFlashModuleVersion:string
 minSupportedModuleVersion:string cacheConsistencyType:ChoiceOption cacheMode:ChoiceOption blockSizeInKBOption:LongOption
 reservationInMBOption:LongOption maxDiskSizeInKB:long
HostVFlashManagerVFlashConfigInfo: vFlashResourceConfigInfo?:HostVFlashManagerVFlashResourceConfigInfo
 vFlashCacheConfigInfo?:HostVFlashManagerVFlashCacheConfigInfo
HostVFlashManagerVFlashResourceConfigInfo: vffs?:HostVffsVolume capacity:long
HostVFlashManagerVFlashResourceRunTimeInfo: usage:long capacity:long accessible:boolean capacityForVmCache:long freeForVmCache:long
HostVirtualNic: device:string key:string portgroup:string spec:HostVirtualNicSpec port?:Link owner?:string@9.0.0.0
HostVirtualNicConfig: changeOperation?:string device?:string portgroup:string spec?:HostVirtualNicSpec
HostVirtualNicConnection: portgroup?:string dvPort?:DistributedVirtualSwitchPortConnection
 opNetwork?:HostVirtualNicOpaqueNetworkSpec@6.7
HostVirtualNicIpRouteSpec: ipRouteConfig?:HostIpRouteConfig
HostVirtualNicManagerInfo: netConfig?:VirtualNicManagerNetConfig[]
HostVirtualNicManagerNicTypeSelection: vnic:HostVirtualNicConnection nicType?:string[]
HostVirtualNicOpaqueNetworkSpec: opaqueNetworkId:string opaqueNetworkType:string
HostVirtualNicSpec: ip?:HostIpConfig mac?:string distributedVirtualPort?:DistributedVirtualSwitchPortConnection portgroup?:string
 mtu?:int tsoEnabled?:boolean netStackInstanceKey?:string opaqueNetwork?:HostVirtualNicOpaqueNetworkSpec externalId?:string
 pinnedPnic?:string ipRouteSpec?:HostVirtualNicIpRouteSpec systemOwned?:boolean@7.0.0.0 dpuId?:string@8.0.0.1
HostVirtualSwitch: name:string key:string numPorts:int numPortsAvailable:int mtu?:int portgroup?:Link[] pnic?:Link[]
 spec:HostVirtualSwitchSpec
HostVirtualSwitchBridge:
HostVirtualSwitchConfig: changeOperation?:string name:string spec?:HostVirtualSwitchSpec
HostVirtualSwitchSpec: numPorts:int bridge?:HostVirtualSwitchBridge policy?:HostNetworkPolicy mtu?:int
HostVmfsVolume<HostFileSystemVolume: blockSizeMb:int blockSize?:int unmapGranularity?:int unmapPriority?:string
 unmapBandwidthSpec?:VmfsUnmapBandwidthSpec@6.7 maxBlocks:int majorVersion:int version:string uuid:string
 extent:HostScsiDiskPartition[] vmfsUpgradable:boolean forceMountedInfo?:HostForceMountedInfo ssd?:boolean local?:boolean
 scsiDiskType?:string
HostVMotionInfo: netConfig?:HostVMotionNetConfig ipConfig?:HostIpConfig
HostVMotionNetConfig: candidateVnic?:HostVirtualNic[] selectedVnic?:Link
HostVvolNQN@8.0.2.0: targetNQN:string@8.0.2.0 storageArray:string@8.0.2.0 online:boolean@8.0.2.0
HostVvolVolume<HostFileSystemVolume: scId:string hostPE?:VVolHostPE[] hostVvolNQN?:HostVvolVolumeHostVvolNQN[]@8.0.2.0
 vasaProviderInfo?:VimVasaProviderInfo[] storageArray?:VASAStorageArray[] protocolEndpointType?:string@8.0.0.0
 vvolNQNFieldsAvailable?:boolean@8.0.2.0 stretched?:boolean@8.0.3.0
HostVvolVolumeHostVvolNQN@8.0.2.0: host?:&HostSystem@8.0.2.0 vvolNQN?:HostVvolNQN[]@8.0.2.0
HttpFault<VimFault: statusCode:int statusMessage:string
ID: id:string
InaccessibleDatastore<InvalidDatastore: detail?:string
InheritablePolicy: inherited:boolean
InsufficientResourcesFault<VimFault:
InvalidArgument<RuntimeFault: invalidProperty?:PropertyPath
InvalidCollectorVersion<MethodFault:
InvalidDatastore<VimFault: datastore?:&Datastore name?:string
InvalidDatastorePath<InvalidDatastore: datastorePath:string
InvalidFolder<VimFault: target:&ManagedEntity
InvalidLocale<VimFault:
InvalidLogin<VimFault:
InvalidName<VimFault: name:string entity?:&ManagedEntity
InvalidPowerState<InvalidState: requestedState?:%VirtualMachinePowerState existingState:%VirtualMachinePowerState
InvalidProperty<MethodFault: name:PropertyPath
InvalidRequest<RuntimeFault:
InvalidState<VimFault:
InvalidType<InvalidRequest: argument?:PropertyPath
InvalidVmState<InvalidState: vm:&VirtualMachine
IoFilterInfo: id:string name:string vendor:string version:string type?:string summary?:string releaseDate?:string
KeyAnyValue: key:string value:anyType
KeyProviderId: id:string
KeyValue: key:string value:string
LatencySensitivity: level:%LatencySensitivitySensitivityLevel sensitivity?:int
LicenseDiagnostics: sourceLastChanged:dateTime sourceLost:string sourceLatency:float licenseRequests:string
 licenseRequestFailures:string licenseFeatureUnknowns:string opState:%LicenseManagerState lastStatusUpdate:dateTime
 opFailureMessage:string
LicenseFeatureInfo: key:string featureName:string featureDescription?:string state?:%LicenseFeatureInfoState costUnit:string
 sourceRestriction?:string dependentKey?:string[] edition?:boolean expiresOn?:dateTime
LicenseManagerEvaluationInfo: properties:KeyAnyValue[]
LicenseManagerLicenseInfo: licenseKey:string editionKey:string name:string total:int used?:int costUnit:string
 properties?:KeyAnyValue[] labels?:KeyValue[]
LicenseSource:
LocalDatastoreInfo<DatastoreInfo: path?:string
LocalizableMessage: key:string arg?:KeyAnyValue[] message?:string
LocalizedMethodFault<MethodFault: fault:MethodFault localizedMessage?:string
LongOption<OptionType: min:long max:long defaultValue:long
LongPolicy<InheritablePolicy: value?:long
ManagedByInfo: extensionKey:string type:string
ManagedObjectNotFound<RuntimeFault: obj:&ManagedObject
MemorySnapshotOnIndependentDisk<SnapshotFault:
MethodDisabled<RuntimeFault: source?:string
MethodFault: faultCause?:MethodFault faultMessage?:LocalizableMessage[]
MethodNotFound<InvalidRequest: receiver:&ManagedObject method:string
MissingObject: obj:&ManagedObject fault:MethodFault
MissingProperty: path:PropertyPath fault:MethodFault
MultipleSnapshotsNotSupported<SnapshotFault:
NasDatastoreInfo<DatastoreInfo: nas?:HostNasVolume
NetBIOSConfigInfo: mode:string
NetDhcpConfigInfo: ipv6?:NetDhcpConfigInfoDhcpOptions ipv4?:NetDhcpConfigInfoDhcpOptions
NetDhcpConfigInfoDhcpOptions: enable:boolean config?:KeyValue[]
NetDnsConfigInfo: dhcp:boolean hostName:string domainName:string ipAddress?:string[] searchDomain?:string[]
NetIpConfigInfo: ipAddress?:NetIpConfigInfoIpAddress[] dhcp?:NetDhcpConfigInfo autoConfigurationEnabled?:boolean
NetIpConfigInfoIpAddress: ipAddress:string prefixLength:int origin?:string state?:string lifetime?:dateTime
NetIpRouteConfigInfo: ipRoute?:NetIpRouteConfigInfoIpRoute[]
NetIpRouteConfigInfoGateway: ipAddress?:string device?:string
NetIpRouteConfigInfoIpRoute: network:string prefixLength:int gateway:NetIpRouteConfigInfoGateway
NetworkEventArgument<EntityEventArgument: network:&Network
NetworkSummary: network?:&Network name:string accessible:boolean ipPoolName:string ipPoolId?:int
NoDiskSpace<FileFault: datastore:string
NoPermission<SecurityError: object?:&ManagedObject privilegeId?:string missingPrivileges?:NoPermissionEntityPrivileges[]@7.0.3.2
NoPermissionEntityPrivileges@7.0.3.2: entity:&ManagedObject@7.0.3.2 privilegeIds?:string[]@7.0.3.2
NotAuthenticated<NoPermission:
NotFound<VimFault:
NotImplemented<RuntimeFault:
NotSupported<RuntimeFault:
ObjectContent: obj:&ManagedObject propSet?:DynamicProperty[] missingSet?:MissingProperty[]
ObjectSpec: obj:&ManagedObject skip?:boolean selectSet?:SelectionSpec[]
ObjectUpdate: kind:%ObjectUpdateKind obj:&ManagedObject changeSet?:PropertyChange[] missingSet?:MissingProperty[]
OpaqueNetworkCapability: networkReservationSupported:boolean
OptionDef<ElementDescription: optionType:OptionType
OptionType: valueIsReadonly?:boolean
OptionValue: key:string value?:anyType
OutOfBounds<VimFault: argumentName:PropertyPath
ParaVirtualSCSIController<VirtualSCSIController:
Permission: entity?:&ManagedEntity principal:string group:boolean roleId:int propagate:boolean
PhysicalNic: key?:string device:string pci:string driver?:string driverVersion?:string@8.0.0.1 firmwareVersion?:string@8.0.0.1
 linkSpeed?:PhysicalNicLinkInfo validLinkSpecification?:PhysicalNicLinkInfo[] spec:PhysicalNicSpec wakeOnLanSupported:boolean
 mac:string fcoeConfiguration?:FcoeConfig vmDirectPathGen2Supported?:boolean vmDirectPathGen2SupportedMode?:string
 resourcePoolSchedulerAllowed?:boolean resourcePoolSchedulerDisallowedReason?:string[] autoNegotiateSupported?:boolean
 enhancedNetworkingStackSupported?:boolean@6.7 ensInterruptSupported?:boolean@7.0.0.0 rdmaDevice?:Link@7.0.0.0 dpuId?:string@8.0.0.1
 perfNicOffloadSupported?:boolean@9.1.0.0
PhysicalNicConfig: device:string spec:PhysicalNicSpec
PhysicalNicLinkInfo: speedMb:int duplex:boolean
PhysicalNicSpec: ip?:HostIpConfig linkSpeed?:PhysicalNicLinkInfo enableEnhancedNetworkingStack?:boolean@6.7
 ensInterruptEnabled?:boolean@7.0.0.0
PodStorageDrsEntry: storageDrsConfig:StorageDrsConfigInfo recommendation?:ClusterRecommendation[] drsFault?:ClusterDrsFaults[]
 actionHistory?:ClusterActionHistory[]
PodVMInfo@9.1.0.0: hasPageSharingPodVM:boolean@9.1.0.0 podVMOverheadInfo:PodVMOverheadInfo@9.1.0.0
PodVMOverheadInfo@9.1.0.0: crxPageSharingSupported:boolean@9.1.0.0 podVMOverheadWithoutPageSharing:int@9.1.0.0
 podVMOverheadWithPageSharing:int@9.1.0.0
PowerSystemCapability: availablePolicy:HostPowerPolicy[]
PowerSystemInfo: currentPolicy:HostPowerPolicy
PrivilegeAvailability: privId:string isGranted:boolean
PrivilegePolicyDef: createPrivilege:string readPrivilege:string updatePrivilege:string deletePrivilege:string
ProfileDeferredPolicyOptionParameter: inputPath:ProfilePropertyPath parameter?:KeyAnyValue[]
ProfileExecuteError: path?:ProfilePropertyPath message:LocalizableMessage
ProfileExecuteResult: status:string configSpec?:HostConfigSpec inapplicablePath?:PropertyPath[]
 requireInput?:ProfileDeferredPolicyOptionParameter[] error?:ProfileExecuteError[]
ProfilePropertyPath: profilePath:PropertyPath policyId?:string parameterId?:string policyOptionId?:string@6.7
PropertyChange: name:PropertyPath op:%PropertyChangeOp val?:anyType
PropertyFilterSpec: propSet:PropertySpec[] objectSet:ObjectSpec[] reportMissingObjectsInResults?:boolean
PropertyFilterUpdate: filter:&PropertyFilter objectSet?:ObjectUpdate[] missingSet?:MissingObject[]
PropertySpec: type:TypeName all?:boolean pathSet?:PropertyPath[]
ReplicationConfigSpec: generation:long vmReplicationId:string destination:string port:int rpo:long quiesceGuestEnabled:boolean
 paused:boolean oppUpdatesEnabled:boolean netCompressionEnabled?:boolean netEncryptionEnabled?:boolean@6.7
 encryptionDestination?:string@6.7 additionalEncryptionDestination?:string[]@9.1.0.0 encryptionPort?:int@6.7
 remoteCertificateThumbprint?:string@6.7 dataSetsReplicationEnabled?:boolean@8.0.0.0 useHbrProxyHttpPreamble?:boolean@9.1.0.0
 disk?:ReplicationInfoDiskSettings[]
ReplicationInfoDiskSettings: key:int diskReplicationId:string
RequestCanceled<RuntimeFault:
ResourceAllocationInfo: reservation?:long expandableReservation?:boolean limit?:long shares?:SharesInfo overheadLimit?:long
ResourceConfigSpec: entity?:&ManagedEntity changeVersion?:string lastModified?:dateTime cpuAllocation:ResourceAllocationInfo
 memoryAllocation:ResourceAllocationInfo scaleDescendantsShares?:string@7.0.0.0
ResourceInUse<VimFault: type?:TypeName name?:string
ResourcePoolQuickStats: overallCpuUsage?:long overallCpuDemand?:long guestMemoryUsage?:long hostMemoryUsage?:long
 distributedCpuEntitlement?:long distributedMemoryEntitlement?:long staticCpuEntitlement?:int staticMemoryEntitlement?:int
 privateMemory?:long sharedMemory?:long swappedMemory?:long balloonedMemory?:long overheadMemory?:long consumedOverheadMemory?:long
 compressedMemory?:long
ResourcePoolResourceUsage: reservationUsed:long reservationUsedForVm:long unreservedForPool:long unreservedForVm:long
 overallUsage:long maxUsage:long
ResourcePoolRuntimeInfo: memory:ResourcePoolResourceUsage cpu:ResourcePoolResourceUsage overallStatus:%ManagedEntityStatus
 sharesScalable?:string@7.0.0.0
ResourcePoolSummary: name:string config:ResourceConfigSpec runtime:ResourcePoolRuntimeInfo quickStats?:ResourcePoolQuickStats
 configuredMemoryMB?:int
RestrictedVersion<SecurityError:
RetrieveOptions: maxObjects?:int
RetrieveResult: token?:string objects:ObjectContent[]
RuntimeFault<MethodFault:
ScheduledHardwareUpgradeInfo: upgradePolicy?:string versionKey?:string scheduledHardwareUpgradeStatus?:string fault?:MethodFault
ScsiLun<HostDevice: key?:string uuid:string descriptor?:ScsiLunDescriptor[] canonicalName?:string displayName?:string lunType:string
 vendor?:string model?:string revision?:string scsiLevel?:int serialNumber?:string durableName?:ScsiLunDurableName
 alternateName?:ScsiLunDurableName[] standardInquiry?:byte[] queueDepth?:int operationalState:string[]
 capabilities?:ScsiLunCapabilities vStorageSupport?:string protocolEndpoint?:boolean perenniallyReserved?:boolean@6.7.2
 clusteredVmdkSupported?:boolean@7.0.0.0 applicationProtocol?:string@8.0.1.0 dispersedNs?:boolean@8.0.1.0
 deviceReservation?:string@8.0.3.0
ScsiLunCapabilities: updateDisplayNameSupported:boolean
ScsiLunDescriptor: quality:string id:string
ScsiLunDurableName: namespace:string namespaceId:byte data?:byte[]
SecurityError<RuntimeFault:
SelectionSpec: name?:string
ServiceConsoleReservationInfo: serviceConsoleReservedCfg:long serviceConsoleReserved:long unreserved:long
ServiceContent: rootFolder:&Folder propertyCollector:&PropertyCollector viewManager?:&ViewManager about:AboutInfo
 setting?:&OptionManager userDirectory?:&UserDirectory sessionManager?:&SessionManager authorizationManager?:&AuthorizationManager
 serviceManager?:&ServiceManager perfManager?:&PerformanceManager scheduledTaskManager?:&ScheduledTaskManager
 alarmManager?:&AlarmManager eventManager?:&EventManager taskManager?:&TaskManager extensionManager?:&ExtensionManager
 customizationSpecManager?:&CustomizationSpecManager guestCustomizationManager?:&VirtualMachineGuestCustomizationManager@6.8.7
 customFieldsManager?:&CustomFieldsManager accountManager?:&HostLocalAccountManager diagnosticManager?:&DiagnosticManager
 licenseManager?:&LicenseManager searchIndex?:&SearchIndex fileManager?:&FileManager
 datastoreNamespaceManager?:&DatastoreNamespaceManager virtualDiskManager?:&VirtualDiskManager
 virtualizationManager?:&VirtualizationManager snmpSystem?:&HostSnmpSystem vmProvisioningChecker?:&VirtualMachineProvisioningChecker
 vmCompatibilityChecker?:&VirtualMachineCompatibilityChecker ovfManager?:&OvfManager ipPoolManager?:&IpPoolManager
 dvSwitchManager?:&DistributedVirtualSwitchManager hostProfileManager?:&HostProfileManager
 clusterProfileManager?:&ClusterProfileManager complianceManager?:&ProfileComplianceManager
 localizationManager?:&LocalizationManager storageResourceManager?:&StorageResourceManager
 guestOperationsManager?:&GuestOperationsManager overheadMemoryManager?:&OverheadMemoryManager
 certificateManager?:&CertificateManager ioFilterManager?:&IoFilterManager vStorageObjectManager?:&VStorageObjectManagerBase
 hostSpecManager?:&HostSpecificationManager cryptoManager?:&CryptoManager healthUpdateManager?:&HealthUpdateManager
 failoverClusterConfigurator?:&FailoverClusterConfigurator failoverClusterManager?:&FailoverClusterManager
 tenantManager?:&TenantTenantManager@6.9.1 siteInfoManager?:&SiteInfoManager@7.0.0.0 storageQueryManager?:&StorageQueryManager@6.7.2
 directPathProfileManager?:&DirectPathProfileManager@9.0.0.0
SessionManagerGenericServiceTicket: id:string hostName?:string sslThumbprint?:string
 certThumbprintList?:VirtualMachineCertThumbprint[]@7.0.3.1 sslCertificate?:string@9.0.0.0 ticketType?:string@7.0.2.0
SessionManagerHttpServiceRequestSpec<SessionManagerServiceRequestSpec: method?:string url:string
SessionManagerServiceRequestSpec:
SharesInfo: shares:int level:%SharesLevel
SnapshotDisabled<SnapshotFault:
SnapshotFault<VimFault:
SnapshotIncompatibleDeviceInVm<SnapshotFault: fault:MethodFault
SnapshotLocked<SnapshotFault:
SnapshotNoChange<SnapshotFault:
SnapshotSelectionSpec@8.0.3.0: retentionDays?:int@8.0.3.0
StorageDrsAutomationConfig: spaceLoadBalanceAutomationMode?:string ioLoadBalanceAutomationMode?:string
 ruleEnforcementAutomationMode?:string policyEnforcementAutomationMode?:string vmEvacuationAutomationMode?:string
StorageDrsConfigInfo: podConfig:StorageDrsPodConfigInfo vmConfig?:StorageDrsVmConfigInfo[]
StorageDrsIoLoadBalanceConfig: reservablePercentThreshold?:int reservableIopsThreshold?:int reservableThresholdMode?:string
 ioLatencyThreshold?:int ioLoadImbalanceThreshold?:int
StorageDrsPodConfigInfo: enabled:boolean ioLoadBalanceEnabled:boolean defaultVmBehavior:string loadBalanceInterval?:int
 defaultIntraVmAffinity?:boolean spaceLoadBalanceConfig?:StorageDrsSpaceLoadBalanceConfig
 ioLoadBalanceConfig?:StorageDrsIoLoadBalanceConfig automationOverrides?:StorageDrsAutomationConfig rule?:ClusterRuleInfo[]
 option?:OptionValue[]
StorageDrsSpaceLoadBalanceConfig: spaceThresholdMode?:string spaceUtilizationThreshold?:int freeSpaceThresholdGB?:int
 minSpaceUtilizationDifference?:int
StorageDrsVmConfigInfo: vm?:&VirtualMachine enabled?:boolean behavior?:string intraVmAffinity?:boolean
 intraVmAntiAffinity?:VirtualDiskAntiAffinityRuleSpec virtualDiskRules?:VirtualDiskRuleSpec[]@6.7
StorageIOAllocationInfo: limit?:long shares?:SharesInfo reservation?:int
StorageIORMInfo: enabled:boolean congestionThresholdMode:string congestionThreshold:int percentOfPeakThroughput?:int
 statsCollectionEnabled:boolean reservationEnabled:boolean statsAggregationDisabled?:boolean reservableIopsThreshold?:int
StoragePodSummary: name:string capacity:long freeSpace:long
StringPolicy<InheritablePolicy: value?:string
SystemError<RuntimeFault: reason:string
Tag: key:string
TagId@9.1.0.0: nameId?:TagIdNameId@9.1.0.0 uuid?:string@9.1.0.0
TagIdNameId@9.1.0.0: tag:string@9.1.0.0 category:string@9.1.0.0
TagSpec<ArrayUpdateSpec@9.1.0.0: id:TagId@9.1.0.0
TaskDescription: methodInfo:ElementDescription[] state:ElementDescription[] reason:TypeDescription[]
TaskInfo: key:string task:&Task description?:LocalizableMessage name?:MethodName descriptionId:string entity?:&ManagedEntity
 entityName?:string locked?:&ManagedEntity[] state:%TaskInfoState cancelled:boolean cancelable:boolean error?:MethodFault
 result?:anyType progress?:int progressDetails?:KeyAnyValue[]@8.0.1.0 reason:TaskReason queueTime:dateTime startTime?:dateTime
 completeTime?:dateTime eventChainId:int changeTag?:string parentTaskKey?:string rootTaskKey?:string activationId?:string
TaskInProgress<VimFault: task:&Task
TaskReason:
TaskReasonSystem<TaskReason:
TaskReasonUser<TaskReason: userName:string
TgwEventArgument<EntityEventArgument@9.1.0.0: tgw:&TransitGateway@9.1.0.0
Timedout<VimFault:
ToolsConfigInfo: toolsVersion?:int toolsInstallType?:string afterPowerOn?:boolean afterResume?:boolean beforeGuestStandby?:boolean
 beforeGuestShutdown?:boolean beforeGuestReboot?:boolean toolsUpgradePolicy?:string pendingCustomization?:string
 customizationKeyId?:CryptoKeyId syncTimeWithHostAllowed?:boolean@7.0.1.0 syncTimeWithHost?:boolean
 lastInstallInfo?:ToolsConfigInfoToolsLastInstallInfo
`;
