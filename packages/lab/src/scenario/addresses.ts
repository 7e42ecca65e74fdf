/** Loopback addresses of their own, so that export rules and counters tell hosts, arrays and protocols apart. */
export const addresses = {
  esxi: '127.0.0.11',
  primary: '127.0.0.21',
  secondary: '127.0.0.22',
  primaryIscsi: '127.0.0.23',
  secondaryIscsi: '127.0.0.24',
  third: '127.0.0.25',
  fourth: '127.0.0.26',
  nimblePrimary: '127.0.0.31',
  nimbleSecondary: '127.0.0.32',
  metroDiscovery: '127.0.0.47',
  metroPrimary: '127.0.0.48',
  metroSecondary: '127.0.0.49',
} as const;

/** Of the simulated host's software iSCSI adapter. */
export const esxiInitiator = 'iqn.1998-01.com.vmware:esxi1';

export const mebibyte = 1024 * 1024;
