import type { VcenterConfig } from '../config.ts';
import { type DataObject, Ref } from '../soap/value.ts';

/** ServiceContent: the singletons that exist here. */
export function serviceContent(config: VcenterConfig, root: Ref): DataObject {
  return {
    $type: 'ServiceContent',
    rootFolder: root,
    propertyCollector: new Ref('PropertyCollector', 'propertyCollector'),
    viewManager: new Ref('ViewManager', 'ViewManager'),
    about: about(config),
    sessionManager: new Ref('SessionManager', 'SessionManager'),
    authorizationManager: new Ref('AuthorizationManager', 'AuthorizationManager'),
    eventManager: new Ref('EventManager', 'EventManager'),
    taskManager: new Ref('TaskManager', 'TaskManager'),
    searchIndex: new Ref('SearchIndex', 'SearchIndex'),
  };
}

export function about(config: VcenterConfig): DataObject {
  const version = config.apiVersion.split('.').slice(0, 3).join('.');
  return {
    $type: 'AboutInfo',
    name: 'VMware vCenter Server',
    fullName: `VMware vCenter Server ${version} build-${config.build}`,
    vendor: 'VMware, Inc.',
    version,
    patchLevel: '00000',
    build: config.build,
    localeVersion: 'INTL',
    localeBuild: '000',
    osType: 'linux-x64',
    productLineId: 'vpx',
    apiType: 'VirtualCenter',
    apiVersion: config.apiVersion,
    instanceUuid: config.instanceUuid,
    licenseProductName: 'VMware VirtualCenter Server',
    licenseProductVersion: '8.0',
  };
}
