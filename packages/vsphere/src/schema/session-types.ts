import type { Types } from './grammar.ts';

/** Types of the service's root objects and of sessions. */
export const sessionTypes = {
  AboutInfo: {
    fields: {
      name: 'string',
      fullName: 'string',
      vendor: 'string?',
      version: 'string',
      patchLevel: 'string?',
      build: 'string',
      localeVersion: 'string?',
      localeBuild: 'string?',
      osType: 'string?',
      productLineId: 'string?',
      apiType: 'string',
      apiVersion: 'string',
      instanceUuid: 'string?',
    },
  },
  ServiceContent: {
    fields: {
      rootFolder: 'ref',
      propertyCollector: 'ref',
      viewManager: 'ref?',
      about: 'AboutInfo',
      sessionManager: 'ref?',
      authorizationManager: 'ref?',
      searchIndex: 'ref?',
      fileManager: 'ref?',
    },
  },
  UserSession: {
    fields: {
      key: 'string',
      userName: 'string',
      fullName: 'string?',
      loginTime: 'dateTime?',
      lastActiveTime: 'dateTime?',
      locale: 'string?',
      messageLocale: 'string?',
    },
  },
  SessionManagerServiceRequestSpec: { fields: {} },
  SessionManagerHttpServiceRequestSpec: {
    base: 'SessionManagerServiceRequestSpec',
    fields: { method: 'string?', url: 'string' },
  },
  SessionManagerGenericServiceTicket: {
    fields: {
      id: 'string',
      hostName: 'string?',
      sslThumbprint: 'string?',
      certThumbprintList: 'VirtualMachineCertThumbprint[]',
    },
  },
  VirtualMachineCertThumbprint: { fields: { thumbprint: 'string', hashAlgorithm: 'string?' } },
  PrivilegeAvailability: { fields: { privId: 'string', isGranted: 'boolean' } },
  EntityPrivilege: { fields: { entity: 'ref', privAvailability: 'PrivilegeAvailability[]' } },
} as const satisfies Types;
