import { objectAt, textAt } from '../../json.ts';
import { StoreFull } from '../../storage/chunk-store.ts';
import { operate } from '../rest/operation.ts';
import { type Call, flag, param, type Reply } from '../rest/request.ts';
import { notFound, RestError } from '../rest/rest-error.ts';
import { isReadOnly, type Lun, lunContent, lunPath } from '../san/lun.ts';
import { type LunFacts, lunOsTypes } from '../storage/lun.ts';
import { attributesOf, wholeBlocks } from './lun-create.ts';
import { lunRecord } from './lun-record.ts';
import { checkLunName, lunByUuid, parseLunPath } from './lun-reference.ts';
import { refuseOnAsaR2 } from './references.ts';

const changeable = ['name', 'comment', 'enabled', 'os_type', 'space', 'attributes', 'location'];

export function modifyLun(call: Call): Promise<Reply> {
  refuseOnAsaR2(call, 5376452);
  const { body, world } = call;
  const lun = lunByUuid(call, param(call, 'uuid'));
  for (const field of Object.keys(body))
    if (!changeable.includes(field))
      throw new RestError(400, 262196, `Field "${field}" cannot be changed in this simulator`, field, [
        field,
      ]);
  checkWritable(lun);
  const renamed = newName(call, lun);
  return operate(call, {
    svm: lun.volume.svm,
    run: () => {
      if (!world.san.luns.isThere(lun)) throw notFound('uuid');
      checkWritable(lun);
      resize(call, lun);
      change(call, lun, renamed);
      const { enabled } = body;
      if (typeof enabled === 'boolean' && enabled !== lun.enabled) {
        lun.enabled = enabled;
        world.block.lunsChanged(lun.volume.svm);
      }
      return lunRecord(world, lun);
    },
  });
}

function checkWritable(lun: Lun): void {
  if (lun.volume.state !== 'online')
    throw new RestError(
      400,
      5374866,
      "The LUN's volume is offline. The volume must be online to modify or remove the LUN.",
    );
  if (isReadOnly(lun))
    throw new RestError(400, 5374129, `The LUN lies on a data protection volume "${lun.volume.name}".`);
}

/** A new path in the same volume; other volumes would be a LUN move, which is not simulated. */
function newName(call: Call, lun: Lun): string | undefined {
  const path = textAt(call.body, 'name');
  const base = textAt(objectAt(call.body, 'location'), 'logical_unit');
  if (path === undefined && base === undefined) return undefined;
  const { volume } = lun;
  const parsed = parseLunPath(path ?? `/vol/${volume.name}/${base}`);
  if (parsed.volume !== volume.name || parsed.snapshot !== undefined)
    throw new RestError(400, 3, 'LUNs are not moved between volumes in this simulator.', 'name');
  checkLunName(parsed.name);
  const there = call.world.san.luns.byPath(volume.svm, `/vol/${volume.name}/${parsed.name}`);
  if (there && there !== lun)
    throw new RestError(409, 5374242, `A LUN already exists at the path "${lunPath(there)}".`, 'name');
  return parsed.name;
}

function resize({ body, world }: Call, lun: Lun): void {
  const given = textAt(body, 'space.size');
  const current = lunContent(lun)?.inode.facts.sizeBytes ?? 0;
  const wanted = given === undefined ? current : wholeBlocks(Number(given));
  if (wanted === current) return;
  if (wanted < current)
    throw new RestError(400, 5374892, 'An attempt was made to reduce the size of a LUN.', 'space.size');
  const { volume } = lun;
  try {
    volume.tree.resize(lun.inodeId, wanted, volume.account, world.cluster.clock.now());
  } catch (error) {
    if (!(error instanceof StoreFull)) throw error;
    throw new RestError(400, 524479, `No space left on volume "${volume.name}".`);
  }
  world.block.sizeChanged(lun);
}

function change({ body }: Call, lun: Lun, name: string | undefined): void {
  const inode = lun.volume.tree.own(lun.inodeId);
  const { lun: facts } = inode.facts;
  if (!facts) throw notFound('uuid');
  const reserved = textAt(body, 'space.guarantee.requested');
  const changed: LunFacts = {
    ...facts,
    name: name ?? facts.name,
    comment: textAt(body, 'comment') ?? facts.comment,
    osType: lunOsTypes.find((one) => one === body['os_type']) ?? facts.osType,
    isSpaceReserved: reserved === undefined ? facts.isSpaceReserved : reserved === 'true',
    attributes: body['attributes'] === undefined ? facts.attributes : attributesOf(body),
  };
  inode.facts.lun = changed;
}

export function deleteLun(call: Call): Promise<Reply> {
  refuseOnAsaR2(call, 5376452);
  const { world } = call;
  const lun = lunByUuid(call, param(call, 'uuid'));
  const evenMapped = flag(call, 'allow_delete_while_mapped');
  const check = () => {
    if (!world.san.luns.isThere(lun)) throw notFound('uuid');
    checkWritable(lun);
    if (!evenMapped && world.san.mapsOfLun(lun).length > 0)
      throw new RestError(
        409,
        1254197,
        `LUN "${lunPath(lun)}" is mapped and cannot be deleted without specifying the "allow_delete_while_mapped" query parameter.`,
        'uuid',
        [lunPath(lun)],
      );
  };
  check();
  return operate(call, {
    svm: lun.volume.svm,
    run: () => {
      check();
      for (const map of world.san.mapsOfLun(lun)) world.san.unmap(map);
      world.san.luns.remove(lun);
      world.block.lunsChanged(lun.volume.svm);
      return undefined;
    },
  });
}
