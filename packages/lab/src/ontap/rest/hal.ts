import { isObject, type Json, type JsonObject } from '../../json.ts';

/** Where objects referred to by these names live, by their uuid. */
const homes: Readonly<Record<string, string>> = {
  svm: '/api/svm/svms/',
  parent_svm: '/api/svm/svms/',
  volume: '/api/storage/volumes/',
  parent_volume: '/api/storage/volumes/',
  junction_parent: '/api/storage/volumes/',
  node: '/api/cluster/nodes/',
  home_node: '/api/cluster/nodes/',
  partners: '/api/cluster/nodes/',
  job: '/api/cluster/jobs/',
  aggregates: '/api/storage/aggregates/',
};

/** Key fields of a record, in path order, for its own link. */
const keyFields = ['uuid', 'id', 'match', 'index', 'name'];

/** The body with `_links` on every object that has a home, as `application/hal+json` asks for. */
export function withLinks(body: JsonObject, path: string, isCollection: boolean): JsonObject {
  const { records, ...rest } = body;
  const linked = linkChildren(rest);
  if (Array.isArray(records))
    return { ...linked, records: records.map((one) => (isObject(one) ? record(one, path) : one)) };
  return isCollection || 'error' in body || 'job' in body ? linked : { ...linked, _links: self(path) };
}

function record(value: JsonObject, collectionPath: string): JsonObject {
  const key = keyFields.map((name) => value[name]).find((one) => one !== undefined);
  const linked = linkChildren(value);
  return key === undefined
    ? linked
    : { ...linked, _links: self(`${collectionPath}/${encodeURIComponent(String(key))}`) };
}

function linkChildren(value: JsonObject): JsonObject {
  const out: JsonObject = {};
  for (const [name, child] of Object.entries(value)) {
    if (child === undefined || name === '_links') out[name] = child;
    else out[name] = linkChild(name, child);
  }
  return out;
}

function linkChild(name: string, child: Json): Json {
  if (Array.isArray(child)) return child.map((one) => (isObject(one) ? linkChild(name, one) : one));
  if (!isObject(child)) return child;
  const linked = linkChildren(child);
  const home = homes[name];
  return home && typeof child['uuid'] === 'string'
    ? { ...linked, _links: self(home + child['uuid']) }
    : linked;
}

const self = (href: string): JsonObject => ({ self: { href } });
