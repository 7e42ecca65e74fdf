import { type JsonObject, textAt, valuesAt } from '../../json.ts';
import { isClientMatch } from '../nfs/client-match.ts';
import { missingField, RestError } from '../rest/rest-error.ts';
import type { ExportPolicy, ExportRule } from '../storage/export-policy.ts';
import { svmReference } from './svm-resources.ts';

export function ruleRecord(policy: ExportPolicy, rule: ExportRule): JsonObject {
  return {
    policy: { id: policy.id, name: policy.name },
    svm: svmReference(policy.svm),
    index: rule.index,
    clients: rule.clients.map((match) => ({ match })),
    protocols: [...rule.protocols],
    ro_rule: [...rule.ro],
    rw_rule: [...rule.rw],
    superuser: [...rule.superuser],
    anonymous_user: rule.anonymousUser,
    allow_suid: rule.allowSuid,
    allow_device_creation: rule.allowDeviceCreation,
    chown_mode: rule.chownMode,
    ntfs_unix_security: rule.ntfsUnixSecurity,
  };
}

const texts = (body: JsonObject, field: string): string[] => valuesAt(body, [field]).flat().map(String);

/** Client matches of a body; comma lists are split as the array does. */
export function readClients(body: JsonObject): string[] {
  const matches = valuesAt(body, ['clients', 'match']).flatMap((match) => String(match).split(','));
  return matches.map((match) => checkClient(match.trim()));
}

export function checkClient(match: string): string {
  if (!isClientMatch(match))
    throw new RestError(400, 1704036, `Invalid client match "${match}".`, 'clients.match', [match]);
  return match;
}

export function checkDistinct(clients: readonly string[]): void {
  const twice = clients.find((match, at) => clients.indexOf(match) !== at);
  if (twice !== undefined)
    throw new RestError(400, 1704050, `Duplicate client match "${twice}".`, 'clients.match', [twice]);
}

/** A rule from a body, with the array's defaults for what it leaves out. */
export function readRule(body: JsonObject, usualIndex: number): ExportRule {
  const clients = readClients(body);
  if (clients.length === 0) throw missingField('clients.match');
  checkDistinct(clients);
  for (const field of ['ro_rule', 'rw_rule']) if (texts(body, field).length === 0) throw missingField(field);
  const index = body['index'];
  if (index === 0) throw new RestError(400, 3277162, 'Rule index 0 is not allowed.', 'index');
  const orElse = (field: string, usual: string[]) => {
    const given = texts(body, field);
    return given.length > 0 ? given : usual;
  };
  return {
    index: typeof index === 'number' ? index : usualIndex,
    clients,
    protocols: orElse('protocols', ['any']),
    ro: texts(body, 'ro_rule'),
    rw: texts(body, 'rw_rule'),
    superuser: orElse('superuser', ['any']),
    anonymousUser: checkAnonymous(textAt(body, 'anonymous_user') ?? '65534'),
    allowSuid: body['allow_suid'] !== false,
    allowDeviceCreation: body['allow_device_creation'] !== false,
    chownMode: textAt(body, 'chown_mode') ?? 'restricted',
    ntfsUnixSecurity: textAt(body, 'ntfs_unix_security') ?? 'fail',
  };
}

export function checkAnonymous(user: string): string {
  if (user === '' || user.length > 64)
    throw new RestError(400, 3277083, `Invalid anonymous user "${user}".`, 'anonymous_user', [user]);
  return user;
}
