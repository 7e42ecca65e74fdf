import type { DataObject } from '../soap/value.ts';

export const adapterDevice = 'vmhba64';

/** The software iSCSI adapter of a host. */
export function internetScsiAdapter(key: string, initiatorName: string): DataObject {
  const flags = (type: string, names: readonly string[], value: boolean): DataObject => ({
    $type: type,
    ...Object.fromEntries(names.map((name) => [name, value])),
  });
  return {
    $type: 'HostInternetScsiHba',
    key,
    device: adapterDevice,
    bus: 64,
    status: 'online',
    model: 'iSCSI Software Adapter',
    driver: 'iscsi_vmk',
    isSoftwareBased: true,
    discoveryCapabilities: flags(
      'HostInternetScsiHbaDiscoveryCapabilities',
      [
        'iSnsDiscoverySettable',
        'slpDiscoverySettable',
        'staticTargetDiscoverySettable',
        'sendTargetsDiscoverySettable',
      ],
      true,
    ),
    discoveryProperties: flags(
      'HostInternetScsiHbaDiscoveryProperties',
      [
        'iSnsDiscoveryEnabled',
        'slpDiscoveryEnabled',
        'staticTargetDiscoveryEnabled',
        'sendTargetsDiscoveryEnabled',
      ],
      false,
    ),
    authenticationCapabilities: flags(
      'HostInternetScsiHbaAuthenticationCapabilities',
      ['chapAuthSettable', 'krb5AuthSettable', 'srpAuthSettable', 'spkmAuthSettable'],
      false,
    ),
    authenticationProperties: {
      $type: 'HostInternetScsiHbaAuthenticationProperties',
      chapAuthEnabled: false,
    },
    ipCapabilities: flags(
      'HostInternetScsiHbaIPCapabilities',
      [
        'addressSettable',
        'ipConfigurationMethodSettable',
        'subnetMaskSettable',
        'defaultGatewaySettable',
        'primaryDnsServerAddressSettable',
        'alternateDnsServerAddressSettable',
      ],
      false,
    ),
    ipProperties: { $type: 'HostInternetScsiHbaIPProperties', dhcpConfigurationEnabled: false },
    iScsiName: initiatorName,
    iScsiAlias: '',
  };
}
