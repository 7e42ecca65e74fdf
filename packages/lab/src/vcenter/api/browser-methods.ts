import type { CatalogueFile } from '../datastore/catalogue.ts';
import type { SimulatedDatastore } from '../datastore/simulated-datastore.ts';
import { notFound, VimFault } from '../soap/fault.ts';
import { type DataObject, isDataObject, type Value } from '../soap/value.ts';
import { demandPrivilege } from './authorization.ts';
import { type Call, flag, list, type Methods, requireSession, text } from './call.ts';

/** HostDatastoreBrowser. */
export const browserMethods: Methods = {
  SearchDatastore_Task: (call) => search(call, false),
  SearchDatastoreSubFolders_Task: (call) => search(call, true),
};

const types: readonly (readonly [RegExp, string])[] = [
  [/-(flat|delta|sesparse|ctk)\.vmdk$/, 'FileInfo'],
  [/\.vmdk$/, 'VmDiskFileInfo'],
  [/\.vmx$/, 'VmConfigFileInfo'],
  [/\.nvram$/, 'VmNvramFileInfo'],
  [/\.log$/, 'VmLogFileInfo'],
  [/\.vms[dn]$/, 'VmSnapshotFileInfo'],
];

function search(call: Call, deep: boolean): Value {
  const { world } = call;
  const session = requireSession(call);
  const path = text(call.args['datastorePath']);
  const [, name, directory = ''] = /^\[([^\]]+)\]\s*(.*?)\/?$/.exec(path) ?? [];
  const own = world.datastores.find((each) => each.browser.id === call.target.id);
  const datastore = own ?? world.datastores.find((each) => each.name === name);
  if (!datastore) throw notFound(call.target);
  if (name === undefined || name !== datastore.name)
    throw new VimFault(
      'InvalidDatastorePath',
      { datastorePath: path, name },
      `Invalid datastore path '${path}'.`,
    );
  const entity = world.entity(datastore.ref);
  if (!entity) throw notFound(datastore.ref);
  demandPrivilege(session.account, entity, 'Datastore.Browse');
  const spec = call.args['searchSpec'];
  const given = spec !== undefined && isDataObject(spec) ? spec : undefined;
  return call.tasks.start({
    method: call.method,
    descriptionId: deep ? 'Datastore.searchDatastoreSubFolders' : 'Datastore.searchDatastore',
    entity,
    userName: session.account.userName,
    work: async () => {
      if (!datastore.catalogue.isDirectory(directory))
        throw new VimFault('FileNotFound', { file: path }, `File ${path} was not found`);
      const found = (deep ? datastore.catalogue.tree(directory) : [directory]).map((each) =>
        results(datastore, each, given),
      );
      return deep ? found : found[0];
    },
  });
}

function results(datastore: SimulatedDatastore, directory: string, spec: DataObject | undefined): DataObject {
  const patterns = list(spec?.['matchPattern']).map((pattern) => wildcard(text(pattern)));
  const children = datastore.catalogue
    .children(directory)
    .filter(({ name }) => patterns.length === 0 || patterns.some((pattern) => pattern.test(name)));
  const details = spec?.['details'];
  return {
    $type: 'HostDatastoreBrowserSearchResults',
    datastore: datastore.ref,
    folderPath: `[${datastore.name}] ${directory === '' ? '' : `${directory}/`}`,
    file: children.map(({ name, file }) =>
      fileInfo(name, file, details !== undefined && isDataObject(details) ? details : undefined),
    ),
  };
}

function fileInfo(
  name: string,
  file: CatalogueFile | undefined,
  details: DataObject | undefined,
): DataObject {
  const type = file ? (types.find(([pattern]) => pattern.test(name))?.[1] ?? 'FileInfo') : 'FolderFileInfo';
  return {
    $type: flag(details?.['fileType']) ? type : 'FileInfo',
    path: name,
    fileSize: file && flag(details?.['fileSize']) ? file.sizeBytes : undefined,
    modification: file && flag(details?.['modification']) ? new Date(file.modifiedMs) : undefined,
  };
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i');
}
