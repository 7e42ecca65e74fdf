// Made by generate.py from the public API description in pyVmomi. Do not edit.

/** Data types and faults, part 2 of 4. */
export const dataTypes2 = `
HostCommunication<RuntimeFault:
HostConfigInfo: host:&HostSystem product:AboutInfo deploymentInfo?:HostDeploymentInfo hyperThread?:HostHyperThreadScheduleInfo
 cpuScheduler?:HostCpuSchedulerInfo@8.0.3.0 consoleReservation?:ServiceConsoleReservationInfo
 virtualMachineReservation?:VirtualMachineMemoryReservationInfo storageDevice?:HostStorageDeviceInfo
 multipathState?:HostMultipathStateInfo fileSystemVolume?:HostFileSystemVolumeInfo systemFile?:string[] network?:HostNetworkInfo
 vmotion?:HostVMotionInfo virtualNicManagerInfo?:HostVirtualNicManagerInfo capabilities?:HostNetCapabilities
 datastoreCapabilities?:HostDatastoreSystemCapabilities offloadCapabilities?:HostNetOffloadCapabilities service?:HostServiceInfo
 firewall?:HostFirewallInfo autoStart?:HostAutoStartManagerConfig activeDiagnosticPartition?:HostDiagnosticPartition
 option?:OptionValue[] optionDef?:OptionDef[] datastorePrincipal?:string localSwapDatastore?:&Datastore
 systemSwapConfiguration?:HostSystemSwapConfiguration systemResources?:HostSystemResourceInfo dateTimeInfo?:HostDateTimeInfo
 flags?:HostFlagInfo adminDisabled?:boolean lockdownMode?:%HostLockdownMode ipmi?:HostIpmiInfo
 sslThumbprintInfo?:HostSslThumbprintInfo sslThumbprintData?:HostSslThumbprintInfo[]
 authenticationData?:HostAuthenticationInfo[]@9.0.0.0 certificate?:byte[] pciPassthruInfo?:HostPciPassthruInfo[]
 authenticationManagerInfo?:HostAuthenticationManagerInfo featureVersion?:HostFeatureVersionInfo[]
 powerSystemCapability?:PowerSystemCapability powerSystemInfo?:PowerSystemInfo cacheConfigurationInfo?:HostCacheConfigurationInfo[]
 wakeOnLanCapable?:boolean featureCapability?:HostFeatureCapability[] maskedFeatureCapability?:HostFeatureCapability[]
 vFlashConfigInfo?:HostVFlashManagerVFlashConfigInfo vsanHostConfig?:VsanHostConfigInfo domainList?:string[]
 scriptCheckSum?:base64Binary hostConfigCheckSum?:base64Binary descriptionTreeCheckSum?:base64Binary@7.0.0.0
 graphicsInfo?:HostGraphicsInfo[] sharedPassthruGpuTypes?:string[] graphicsConfig?:HostGraphicsConfig
 sharedGpuCapabilities?:HostSharedGpuCapabilities[]@6.7 ioFilterInfo?:HostIoFilterInfo[] sriovDevicePool?:HostSriovDevicePoolInfo[]
 assignableHardwareBinding?:HostAssignableHardwareBinding[]@7.0.0.0 assignableHardwareConfig?:HostAssignableHardwareConfig@7.0.0.0
HostConfigManager: cpuScheduler?:&HostCpuSchedulerSystem datastoreSystem?:&HostDatastoreSystem memoryManager?:&HostMemorySystem
 storageSystem?:&HostStorageSystem networkSystem?:&HostNetworkSystem vmotionSystem?:&HostVMotionSystem
 virtualNicManager?:&HostVirtualNicManager serviceSystem?:&HostServiceSystem firewallSystem?:&HostFirewallSystem
 advancedOption?:&OptionManager diagnosticSystem?:&HostDiagnosticSystem autoStartManager?:&HostAutoStartManager
 snmpSystem?:&HostSnmpSystem dateTimeSystem?:&HostDateTimeSystem patchManager?:&HostPatchManager
 imageConfigManager?:&HostImageConfigManager bootDeviceSystem?:&HostBootDeviceSystem firmwareSystem?:&HostFirmwareSystem
 healthStatusSystem?:&HostHealthStatusSystem pciPassthruSystem?:&HostPciPassthruSystem licenseManager?:&LicenseManager
 kernelModuleSystem?:&HostKernelModuleSystem authenticationManager?:&HostAuthenticationManager powerSystem?:&HostPowerSystem
 cacheConfigurationManager?:&HostCacheConfigurationManager esxAgentHostManager?:&HostEsxAgentHostManager iscsiManager?:&IscsiManager
 vFlashManager?:&HostVFlashManager vsanSystem?:&HostVsanSystem messageBusProxy?:&MessageBusProxy userDirectory?:&UserDirectory
 accountManager?:&HostLocalAccountManager hostAccessManager?:&HostAccessManager graphicsManager?:&HostGraphicsManager
 vsanInternalSystem?:&HostVsanInternalSystem certificateManager?:&HostCertificateManager cryptoManager?:&CryptoManager
 nvdimmSystem?:&HostNvdimmSystem@6.7 assignableHardwareManager?:&HostAssignableHardwareManager@7.0.0.0
HostConfigSpec: nasDatastore?:HostNasVolumeConfig[] network?:HostNetworkConfig
 nicTypeSelection?:HostVirtualNicManagerNicTypeSelection[] service?:HostServiceConfig[] firewall?:HostFirewallConfig
 option?:OptionValue[] datastorePrincipal?:string datastorePrincipalPasswd?:string datetime?:HostDateTimeConfig
 storageDevice?:HostStorageDeviceInfo license?:HostLicenseSpec security?:HostSecuritySpec userAccount?:HostAccountSpec[]
 usergroupAccount?:HostAccountSpec[] memory?:HostMemorySpec activeDirectory?:HostActiveDirectory[] genericConfig?:KeyAnyValue[]
 graphicsConfig?:HostGraphicsConfig assignableHardwareConfig?:HostAssignableHardwareConfig@7.0.0.0
HostConfigSummary: name:string port:int sslThumbprint?:string sslCertificate?:string@9.0.0.0 product?:AboutInfo
 vmotionEnabled:boolean faultToleranceEnabled:boolean featureVersion?:HostFeatureVersionInfo[] agentVmDatastore?:&Datastore
 agentVmNetwork?:&Network
HostCpuIdInfo: level:int vendor?:string eax?:string ebx?:string ecx?:string edx?:string
HostCpuInfo: numCpuPackages:short numCpuCores:short numCpuThreads:short hz:long
HostCpuPackage: index:short vendor:string hz:long busHz:long description:string threadId:short[] cpuFeature?:HostCpuIdInfo[]
 family?:short@8.0.3.0 model?:short@8.0.3.0 stepping?:short@8.0.3.0
HostCpuPowerManagementInfo: currentPolicy?:string hardwareSupport?:string
HostCpuSchedulerInfo@8.0.3.0: policy:string@8.0.3.0
HostDatastoreBrowserSearchResults: datastore?:&Datastore folderPath?:string file?:FileInfo[]
HostDatastoreBrowserSearchSpec: query?:FileQuery[] details?:FileQueryFlags searchCaseInsensitive?:boolean matchPattern?:string[]
 sortFoldersFirst?:boolean
HostDatastoreSystemCapabilities: nfsMountCreationRequired:boolean nfsMountCreationSupported:boolean localDatastoreSupported:boolean
 vmfsExtentExpansionSupported:boolean
HostDateTimeConfig: timeZone?:string ntpConfig?:HostNtpConfig ptpConfig?:HostPtpConfig@7.0.3.0 protocol?:string@7.0.3.0
 enabled?:boolean@7.0.3.0 disableEvents?:boolean@7.0.3.0 disableFallback?:boolean@7.0.3.0 resetToFactoryDefaults?:boolean@7.0.3.0
HostDateTimeInfo: timeZone:HostDateTimeSystemTimeZone systemClockProtocol?:string@7.0.0.0 ntpConfig?:HostNtpConfig
 ptpConfig?:HostPtpConfig@7.0.3.0 enabled?:boolean@7.0.3.0 disableEvents?:boolean@7.0.3.0 disableFallback?:boolean@7.0.3.0
 inFallbackState?:boolean@7.0.3.0 serviceSync?:boolean@7.0.3.0 lastSyncTime?:dateTime@7.0.3.0 remoteNtpServer?:string@7.0.3.0
 ntpRunTime?:long@7.0.3.0 ptpRunTime?:long@7.0.3.0 ntpDuration?:string@7.0.3.0 ptpDuration?:string@7.0.3.0
HostDateTimeSystemTimeZone: key:string name:string description:string gmtOffset:int
HostDeploymentInfo: bootedFromStatelessCache?:boolean
HostDevice: deviceName:string deviceType:string
HostDhcpService: key:string spec:HostDhcpServiceSpec
HostDhcpServiceConfig: changeOperation?:string key:string spec:HostDhcpServiceSpec
HostDhcpServiceSpec: virtualSwitch:string defaultLeaseDuration:int leaseBeginIp:string leaseEndIp:string maxLeaseDuration:int
 unlimitedLease:boolean ipSubnetAddr:string ipSubnetMask:string
HostDiagnosticPartition: storageType:string diagnosticType:string slots:int id:HostScsiDiskPartition
HostDigestInfo: digestMethod:string digestValue:byte[] objectName?:string
HostDiskDimensionsLba: blockSize:int block:long
HostDnsConfig: dhcp:boolean virtualNicDevice?:string ipv6VirtualNicDevice?:string@6.7 hostName:string domainName:string
 address?:string[] searchDomain?:string[]
HostDvxClass@8.0.0.1: deviceClass:string@8.0.0.1 checkpointSupported:boolean@8.0.0.1 swDMATracingSupported:boolean@8.0.0.1
 sriovNic:boolean@8.0.0.1
HostEventArgument<EntityEventArgument: host:&HostSystem
HostFeatureCapability: key:string featureName:string value:string
HostFeatureMask: key:string featureName:string value:string
HostFeatureVersionInfo: key:string value:string
HostFileSystemMountInfo: mountInfo:HostMountInfo volume:HostFileSystemVolume vStorageSupport?:string
HostFileSystemVolume: type:string name:string capacity:long
HostFileSystemVolumeInfo: volumeTypeList?:string[] mountInfo?:HostFileSystemMountInfo[]
HostFirewallConfig: rule?:HostFirewallConfigRuleSetConfig[] defaultBlockingPolicy:HostFirewallDefaultPolicy
HostFirewallConfigRuleSetConfig: rulesetId:string enabled:boolean allowedHosts?:HostFirewallRulesetIpList
HostFirewallDefaultPolicy: incomingBlocked?:boolean outgoingBlocked?:boolean
HostFirewallInfo: defaultPolicy:HostFirewallDefaultPolicy ruleset?:HostFirewallRuleset[]
HostFirewallRule: port:int endPort?:int direction:%HostFirewallRuleDirection portType?:%HostFirewallRulePortType protocol:string
HostFirewallRuleset: key:string label:string required:boolean rule:HostFirewallRule[] service?:string enabled:boolean
 allowedHosts?:HostFirewallRulesetIpList userControllable?:boolean@8.0.2.0 ipListUserConfigurable?:boolean@8.0.2.0
HostFirewallRulesetIpList: ipAddress?:string[] ipNetwork?:HostFirewallRulesetIpNetwork[] allIp:boolean
HostFirewallRulesetIpNetwork: network:string prefixLength:int
HostFlagInfo: backgroundSnapshotsEnabled?:boolean
HostForceMountedInfo: persist:boolean mounted:boolean
HostFru@8.0.0.1: type:string@8.0.0.1 partName:string@8.0.0.1 partNumber:string@8.0.0.1 manufacturer:string@8.0.0.1
 serialNumber?:string@8.0.0.1 mfgTimeStamp?:dateTime@8.0.0.1
HostGraphicsConfig: hostDefaultGraphicsType:string sharedPassthruAssignmentPolicy:string deviceType?:HostGraphicsConfigDeviceType[]
HostGraphicsConfigDeviceType: deviceId:string graphicsType:string vgpuMode?:string@8.0.3.0
HostGraphicsInfo: deviceName:string vendorName:string pciId:string graphicsType:string vgpuMode?:string@8.0.3.0 memorySizeInKB:long
 vm?:&VirtualMachine[]
HostHardwareElementInfo: name:string status:ElementDescription
HostHardwareInfo: systemInfo:HostSystemInfo cpuPowerManagementInfo?:HostCpuPowerManagementInfo cpuInfo:HostCpuInfo
 cpuPkg:HostCpuPackage[] memorySize:long numaInfo?:HostNumaInfo smcPresent:boolean pciDevice?:HostPciDevice[]
 dvxClasses?:HostDvxClass[]@8.0.0.1 cpuFeature?:HostCpuIdInfo[] biosInfo?:HostBIOSInfo reliableMemoryInfo?:HostReliableMemoryInfo
 persistentMemoryInfo?:HostPersistentMemoryInfo@6.7 sgxInfo?:HostSgxInfo@7.0.0.0 sevInfo?:HostSevInfo@7.0.1.0
 memoryTieringType?:string@7.0.3.0 memoryTierInfo?:HostMemoryTierInfo[]@7.0.3.0 tdxInfo?:HostTdxInfo@9.0.0.0
HostHardwareStatusInfo: memoryStatusInfo?:HostHardwareElementInfo[] cpuStatusInfo?:HostHardwareElementInfo[]
 storageStatusInfo?:HostStorageElementInfo[] dpuStatusInfo?:DpuStatusInfo[]@8.0.0.1
HostHardwareSummary: vendor:string model:string family?:string@9.0.0.0 uuid:string
 otherIdentifyingInfo?:HostSystemIdentificationInfo[] memorySize:long cpuModel:string cpuMhz:int numCpuPkgs:short numCpuCores:short
 numCpuThreads:short numNics:int numHBAs:int
HostHostBusAdapter: key?:string device:string bus:int status:string model:string driver?:string pci?:string
 storageProtocol?:string@7.0.0.0 driverVersion?:string@9.1.0.0 firmwareVersion?:string@9.1.0.0
HostHyperThreadScheduleInfo: available:boolean active:boolean config:boolean
HostInternetScsiHba<HostHostBusAdapter: isSoftwareBased:boolean canBeDisabled?:boolean
 networkBindingSupport?:%HostInternetScsiHbaNetworkBindingSupportType discoveryCapabilities:HostInternetScsiHbaDiscoveryCapabilities
 discoveryProperties:HostInternetScsiHbaDiscoveryProperties authenticationCapabilities:HostInternetScsiHbaAuthenticationCapabilities
 authenticationProperties:HostInternetScsiHbaAuthenticationProperties digestCapabilities?:HostInternetScsiHbaDigestCapabilities
 digestProperties?:HostInternetScsiHbaDigestProperties ipCapabilities:HostInternetScsiHbaIPCapabilities
 ipProperties:HostInternetScsiHbaIPProperties supportedAdvancedOptions?:OptionDef[] advancedOptions?:HostInternetScsiHbaParamValue[]
 iScsiName:string iScsiAlias?:string configuredSendTarget?:HostInternetScsiHbaSendTarget[]
 configuredStaticTarget?:HostInternetScsiHbaStaticTarget[] maxSpeedMb?:int currentSpeedMb?:int
HostInternetScsiHbaAuthenticationCapabilities: chapAuthSettable:boolean krb5AuthSettable:boolean srpAuthSettable:boolean
 spkmAuthSettable:boolean mutualChapSettable?:boolean targetChapSettable?:boolean targetMutualChapSettable?:boolean
HostInternetScsiHbaAuthenticationProperties: chapAuthEnabled:boolean chapName?:string chapSecret?:string
 chapAuthenticationType?:string chapInherited?:boolean mutualChapName?:string mutualChapSecret?:string
 mutualChapAuthenticationType?:string mutualChapInherited?:boolean
HostInternetScsiHbaDigestCapabilities: headerDigestSettable?:boolean dataDigestSettable?:boolean targetHeaderDigestSettable?:boolean
 targetDataDigestSettable?:boolean
HostInternetScsiHbaDigestProperties: headerDigestType?:string headerDigestInherited?:boolean dataDigestType?:string
 dataDigestInherited?:boolean
HostInternetScsiHbaDiscoveryCapabilities: iSnsDiscoverySettable:boolean slpDiscoverySettable:boolean
 staticTargetDiscoverySettable:boolean sendTargetsDiscoverySettable:boolean
HostInternetScsiHbaDiscoveryProperties: iSnsDiscoveryEnabled:boolean iSnsDiscoveryMethod?:string iSnsHost?:string
 slpDiscoveryEnabled:boolean slpDiscoveryMethod?:string slpHost?:string staticTargetDiscoveryEnabled:boolean
 sendTargetsDiscoveryEnabled:boolean
HostInternetScsiHbaIPCapabilities: addressSettable:boolean ipConfigurationMethodSettable:boolean subnetMaskSettable:boolean
 defaultGatewaySettable:boolean primaryDnsServerAddressSettable:boolean alternateDnsServerAddressSettable:boolean
 ipv6Supported?:boolean arpRedirectSettable?:boolean mtuSettable?:boolean hostNameAsTargetAddress?:boolean
 nameAliasSettable?:boolean ipv4EnableSettable?:boolean ipv6EnableSettable?:boolean ipv6PrefixLengthSettable?:boolean
 ipv6PrefixLength?:int ipv6DhcpConfigurationSettable?:boolean ipv6LinkLocalAutoConfigurationSettable?:boolean
 ipv6RouterAdvertisementConfigurationSettable?:boolean ipv6DefaultGatewaySettable?:boolean ipv6MaxStaticAddressesSupported?:int
HostInternetScsiHbaIPProperties: mac?:string address?:string dhcpConfigurationEnabled:boolean subnetMask?:string
 defaultGateway?:string primaryDnsServerAddress?:string alternateDnsServerAddress?:string ipv6Address?:string ipv6SubnetMask?:string
 ipv6DefaultGateway?:string arpRedirectEnabled?:boolean mtu?:int jumboFramesEnabled?:boolean ipv4Enabled?:boolean
 ipv6Enabled?:boolean ipv6properties?:HostInternetScsiHbaIPv6Properties
HostInternetScsiHbaIPv6Properties: iscsiIpv6Address?:HostInternetScsiHbaIscsiIpv6Address[] ipv6DhcpConfigurationEnabled?:boolean
 ipv6LinkLocalAutoConfigurationEnabled?:boolean ipv6RouterAdvertisementConfigurationEnabled?:boolean ipv6DefaultGateway?:string
HostInternetScsiHbaIscsiIpv6Address: address:string prefixLength:int origin:string operation?:string
HostInternetScsiHbaParamValue<OptionValue: isInherited?:boolean
HostInternetScsiHbaSendTarget: address:string port?:int authenticationProperties?:HostInternetScsiHbaAuthenticationProperties
 digestProperties?:HostInternetScsiHbaDigestProperties supportedAdvancedOptions?:OptionDef[]
 advancedOptions?:HostInternetScsiHbaParamValue[] parent?:string
HostInternetScsiHbaStaticTarget: address:string port?:int iScsiName:string discoveryMethod?:string
 authenticationProperties?:HostInternetScsiHbaAuthenticationProperties digestProperties?:HostInternetScsiHbaDigestProperties
 supportedAdvancedOptions?:OptionDef[] advancedOptions?:HostInternetScsiHbaParamValue[] parent?:string
HostInternetScsiTargetTransport<HostTargetTransport: iScsiName:string iScsiAlias:string address?:string[]
HostIoFilterInfo<IoFilterInfo: available:boolean
HostIpConfig: dhcp:boolean ipAddress?:string subnetMask?:string ipV6Config?:HostIpConfigIpV6AddressConfiguration
HostIpConfigIpV6Address: ipAddress:string prefixLength:int origin?:string dadState?:string lifetime?:dateTime operation?:string
HostIpConfigIpV6AddressConfiguration: ipV6Address?:HostIpConfigIpV6Address[] autoConfigurationEnabled?:boolean
 dhcpV6Enabled?:boolean
HostIpmiInfo: bmcIpAddress?:string bmcMacAddress?:string login?:string password?:string
HostIpRouteConfig: defaultGateway?:string gatewayDevice?:string ipV6DefaultGateway?:string ipV6GatewayDevice?:string
HostIpRouteEntry: network:string prefixLength:int gateway:string deviceName?:string
HostIpRouteOp: changeOperation:string route:HostIpRouteEntry
HostIpRouteTableConfig: ipRoute?:HostIpRouteOp[] ipv6Route?:HostIpRouteOp[]
HostIpRouteTableInfo: ipRoute?:HostIpRouteEntry[] ipv6Route?:HostIpRouteEntry[]
HostLicensableResourceInfo: resource:KeyAnyValue[]
HostLicenseSpec: source?:LicenseSource editionKey?:string disabledFeatureKey?:string[] enabledFeatureKey?:string[]
HostListSummary: host?:&HostSystem hardware?:HostHardwareSummary runtime?:HostRuntimeInfo config:HostConfigSummary
 quickStats:HostListSummaryQuickStats overallStatus:%ManagedEntityStatus rebootRequired:boolean
 rebootRequiredReason?:LocalizableMessage[]@9.1.0.0 maintenanceModeRequired?:boolean@9.1.0.0 customValue?:CustomFieldValue[]
 managementServerIp?:string maxEVCModeKey?:string currentEVCModeKey?:string currentEVCGraphicsModeKey?:string@7.0.1.0
 gateway?:HostListSummaryGatewaySummary tpmAttestation?:HostTpmAttestationInfo@6.7
 trustAuthorityAttestationInfos?:HostTrustAuthorityAttestationInfo[]@7.0.1.0
HostListSummaryGatewaySummary: gatewayType:string gatewayId:string
HostListSummaryQuickStats: overallCpuUsage?:int overallMemoryUsage?:int distributedCpuFairness?:int distributedMemoryFairness?:int
 availablePMemCapacity?:int@6.7 uptime?:int
HostMemberHealthCheckResult: summary?:string
HostMemberRuntimeInfo: host:&HostSystem status?:string statusDetail?:string nsxtStatus?:string@7.0.0.0
 nsxtStatusDetail?:string@7.0.0.0 healthCheckResult?:HostMemberHealthCheckResult[]
 hostUplinkState?:DistributedVirtualSwitchHostMemberHostUplinkState[]@8.0.3.0
 hostPerfNicOffloadState?:DistributedVirtualSwitchHostMemberHostPerfNicOffloadState@9.1.0.0
HostMemorySpec: serviceConsoleReservation?:long
HostMemoryTierInfo@7.0.3.0: name:string@7.0.3.0 type:string@7.0.3.0 flags?:string[]@7.0.3.0 internalFlags?:string[]@8.0.3.0
 size:long@7.0.3.0
HostMountInfo: path?:string accessMode:string mounted?:boolean accessible?:boolean inaccessibleReason?:string
 vmknicName?:string@8.0.1.0 vmknicActive?:boolean@8.0.1.0 mountFailedReason?:string@8.0.0.1 numTcpConnections?:int@8.0.1.0
HostMultipathInfo: lun?:HostMultipathInfoLogicalUnit[]
HostMultipathInfoLogicalUnit: key:string id:string lun:Link path:HostMultipathInfoPath[] policy:HostMultipathInfoLogicalUnitPolicy
 storageArrayTypePolicy?:HostMultipathInfoLogicalUnitStorageArrayTypePolicy
HostMultipathInfoLogicalUnitPolicy: policy:string
HostMultipathInfoLogicalUnitStorageArrayTypePolicy: policy:string
HostMultipathInfoPath: key:string name:string pathState:string state?:string isWorkingPath?:boolean adapter:Link lun:Link
 transport?:HostTargetTransport
HostMultipathStateInfo: path?:HostMultipathStateInfoPath[]
HostMultipathStateInfoPath: name:string pathState:string
HostNasVolume<HostFileSystemVolume: remoteHost:string remotePath:string userName?:string remoteHostNames?:string[]
 securityType?:string protocolEndpoint?:boolean
HostNasVolumeConfig: changeOperation?:string spec?:HostNasVolumeSpec
HostNasVolumeSpec: remoteHost:string remotePath:string localPath:string accessMode:string type?:string userName?:string
 password?:string remoteHostNames?:string[] securityType?:string vmknicToBind?:string@8.0.1.0 vmknicBound?:boolean@8.0.1.0
 connections?:int@8.0.1.0
HostNatService: key:string spec:HostNatServiceSpec
HostNatServiceConfig: changeOperation?:string key:string spec:HostNatServiceSpec
HostNatServiceNameServiceSpec: dnsAutoDetect:boolean dnsPolicy:string dnsRetries:int dnsTimeout:int dnsNameServer?:string[]
 nbdsTimeout:int nbnsRetries:int nbnsTimeout:int
HostNatServicePortForwardSpec: type:string name:string hostPort:int guestPort:int guestIpAddress:string
HostNatServiceSpec: virtualSwitch:string activeFtp:boolean allowAnyOui:boolean configPort:boolean ipGatewayAddress:string
 udpTimeout:int portForward?:HostNatServicePortForwardSpec[] nameService?:HostNatServiceNameServiceSpec
HostNetCapabilities: canSetPhysicalNicLinkSpeed:boolean supportsNicTeaming:boolean nicTeamingPolicy?:string[] supportsVlan:boolean
 usesServiceConsoleNic:boolean supportsNetworkHints:boolean maxPortGroupsPerVswitch?:int vswitchConfigSupported:boolean
 vnicConfigSupported:boolean ipRouteConfigSupported:boolean dnsConfigSupported:boolean dhcpOnVnicSupported:boolean
 ipV6Supported:boolean backupNfcNiocSupported?:boolean@7.0.1.0
HostNetOffloadCapabilities: csumOffload?:boolean tcpSegmentation?:boolean zeroCopyXmit?:boolean
HostNetStackInstance: key?:string name?:string dnsConfig?:HostDnsConfig ipRouteConfig?:HostIpRouteConfig
 requestedMaxNumberOfConnections?:int congestionControlAlgorithm?:string ipV6Enabled?:boolean
 routeTableConfig?:HostIpRouteTableConfig owner?:string@9.0.0.0
HostNetworkConfig: vswitch?:HostVirtualSwitchConfig[] proxySwitch?:HostProxySwitchConfig[] portgroup?:HostPortGroupConfig[]
 pnic?:PhysicalNicConfig[] vnic?:HostVirtualNicConfig[] consoleVnic?:HostVirtualNicConfig[] dnsConfig?:HostDnsConfig
 ipRouteConfig?:HostIpRouteConfig consoleIpRouteConfig?:HostIpRouteConfig routeTableConfig?:HostIpRouteTableConfig
 dhcp?:HostDhcpServiceConfig[] nat?:HostNatServiceConfig[] ipV6Enabled?:boolean netStackSpec?:HostNetworkConfigNetStackSpec[]
 migrationStatus?:string@7.0.2.0
HostNetworkConfigNetStackSpec: netStackInstance:HostNetStackInstance operation?:string
HostNetworkInfo: vswitch?:HostVirtualSwitch[] proxySwitch?:HostProxySwitch[] portgroup?:HostPortGroup[] pnic?:PhysicalNic[]
 rdmaDevice?:HostRdmaDevice[]@7.0.0.0 vnic?:HostVirtualNic[] consoleVnic?:HostVirtualNic[] dnsConfig?:HostDnsConfig
 ipRouteConfig?:HostIpRouteConfig consoleIpRouteConfig?:HostIpRouteConfig routeTableInfo?:HostIpRouteTableInfo
 dhcp?:HostDhcpService[] nat?:HostNatService[] ipV6Enabled?:boolean atBootIpV6Enabled?:boolean
 netStackInstance?:HostNetStackInstance[] opaqueSwitch?:HostOpaqueSwitch[] opaqueNetwork?:HostOpaqueNetworkInfo[]
 nsxTransportNodeId?:string@7.0.0.0 nvdsToVdsMigrationRequired?:boolean@7.0.2.0 migrationStatus?:string@7.0.2.0
HostNetworkPolicy: security?:HostNetworkSecurityPolicy nicTeaming?:HostNicTeamingPolicy offloadPolicy?:HostNetOffloadCapabilities
 shapingPolicy?:HostNetworkTrafficShapingPolicy
HostNetworkResourceRuntime: pnicResourceInfo:HostPnicNetworkResourceInfo[]
HostNetworkSecurityPolicy: allowPromiscuous?:boolean macChanges?:boolean forgedTransmits?:boolean
HostNetworkTrafficShapingPolicy: enabled?:boolean averageBandwidth?:long peakBandwidth?:long burstSize?:long
HostNicFailureCriteria: checkSpeed?:string speed?:int checkDuplex?:boolean fullDuplex?:boolean checkErrorPercent?:boolean
 percentage?:int checkBeacon?:boolean
HostNicOrderPolicy: activeNic?:string[] standbyNic?:string[]
HostNicTeamingPolicy: policy?:string reversePolicy?:boolean notifySwitches?:boolean rollingOrder?:boolean
 failureCriteria?:HostNicFailureCriteria nicOrder?:HostNicOrderPolicy
HostNotConnected<HostCommunication:
HostNotReachable<HostCommunication:
HostNtpConfig: server?:string[] configFile?:string[]
HostNumaInfo: type:string numNodes:int numaNode?:HostNumaNode[]
HostNumaNode: typeId:byte cpuID:short[] memorySize?:long@8.0.0.0 memoryRangeBegin:long memoryRangeLength:long pciId?:string[]@6.7
HostNumericSensorInfo: name:string healthState?:ElementDescription currentReading:long unitModifier:int baseUnits:string
 rateUnits?:string sensorType:string id?:string sensorNumber?:long@8.0.0.1 timeStamp?:string fru?:HostFru@8.0.0.1
HostNvmeController@7.0.0.0: key:string@7.0.0.0 controllerNumber:int@7.0.0.0 subnqn:string@7.0.0.0 name:string@7.0.0.0
 associatedAdapter:Link@7.0.0.0 transportType:string@7.0.0.0 fusedOperationSupported:boolean@7.0.0.0 numberOfQueues:int@7.0.0.0
 queueSize:int@7.0.0.0 attachedNamespace?:HostNvmeNamespace[]@7.0.0.0 vendorId?:string@7.0.0.0 model?:string@7.0.0.0
 serialNumber?:string@7.0.0.0 firmwareVersion?:string@7.0.0.0
HostNvmeNamespace@7.0.0.0: key:string@7.0.0.0 name:string@7.0.0.0 id:int@7.0.0.0 blockSize:int@7.0.0.0 capacityInBlocks:long@7.0.0.0
HostNvmeTopology@7.0.0.0: adapter?:HostNvmeTopologyInterface[]@7.0.0.0
HostNvmeTopologyInterface@7.0.0.0: key:string@7.0.0.0 adapter:Link@7.0.0.0 connectedController?:HostNvmeController[]@7.0.0.0
HostOpaqueNetworkInfo: opaqueNetworkId:string opaqueNetworkName:string opaqueNetworkType:string pnicZone?:string[]
 capability?:OpaqueNetworkCapability extraConfig?:OptionValue[]
HostOpaqueSwitch: key:string name?:string pnic?:Link[] pnicZone?:HostOpaqueSwitchPhysicalNicZone[] status?:string
 vtep?:HostVirtualNic[] extraConfig?:OptionValue[] featureCapability?:HostFeatureCapability[]@6.7
HostOpaqueSwitchPhysicalNicZone: key:string pnicDevice?:string[]
`;
