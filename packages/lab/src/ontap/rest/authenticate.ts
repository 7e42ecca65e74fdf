import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { World } from '../world.ts';
import type { Session } from './request.ts';
import { forbidden, RestError } from './rest-error.ts';

const unauthorised = () => new RestError(401, 6691623, 'User is not authorized.');

/** Who calls, by HTTP Basic, and the SVM to which the tunnelling headers confine the call. */
export function authenticate(world: World, headers: IncomingHttpHeaders): Session {
  const basic = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '');
  if (!basic) throw unauthorised();
  const text = Buffer.from(basic[1] ?? '', 'base64').toString();
  const colon = text.indexOf(':');
  const name = text.slice(0, colon);
  const password = text.slice(colon + 1);
  const { cluster } = world;
  const account = cluster.config.accounts.find((one) => one.name === name && same(one.password, password));
  const role = account && world.roles.get(account.role);
  if (!account || !role || colon < 0) throw unauthorised();
  const own = account.svm === undefined ? undefined : cluster.svm(account.svm);
  const asked = tunnel(world, headers);
  if (own && asked && own !== asked) throw forbidden();
  return { account: name, role, svm: own ?? asked, tunnelled: asked !== undefined };
}

function tunnel(world: World, headers: IncomingHttpHeaders) {
  const name = headers['x-dot-svm-name'];
  const uuid = headers['x-dot-svm-uuid'];
  if (name === undefined && uuid === undefined) return undefined;
  const svm = world.cluster.svms.find(
    (one) => (name === undefined || one.name === name) && (uuid === undefined || one.uuid === uuid),
  );
  if (!svm) throw new RestError(404, 2621462, `SVM "${String(name ?? uuid)}" does not exist.`);
  return svm;
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
