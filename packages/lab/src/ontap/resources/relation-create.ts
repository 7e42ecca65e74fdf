import { type JsonObject, objectAt, textAt } from '../../json.ts';
import { PeerUnreachable } from '../intercluster/client.ts';
import { volumeFactsSchema } from '../intercluster/protocol.ts';
import { policyType } from '../mirror/mirror-policy.ts';
import { operate } from '../rest/operation.ts';
import type { Call, Reply } from '../rest/request.ts';
import { missingField, RestError } from '../rest/rest-error.ts';
import type { Svm, SvmPeer } from '../storage/svm.ts';
import type { Volume } from '../storage/volume.ts';
import { relationRecord } from './relation-record.ts';
import { policyNamed } from './relation-resources.ts';
import { checkVolumeName } from './volume-create.ts';

interface Path {
  readonly svm: string;
  readonly volume: string;
}

function readPath(body: JsonObject, side: 'source' | 'destination'): Path {
  const path = textAt(body, `${side}.path`);
  if (path === undefined) throw missingField(`${side}.path`);
  const [svm = '', volume = '', ...rest] = path.split(':');
  if (!path.includes(':'))
    throw new RestError(400, 13303852, `The path "${path}" lacks a colon.`, `${side}.path`);
  if (svm === '' || volume === '' || volume.startsWith('/') || rest.length > 0)
    throw new RestError(
      400,
      13303868,
      `Paths like "${path}" are not supported by this simulator.`,
      `${side}.path`,
    );
  return { svm, volume };
}

export function createRelation(call: Call): Promise<Reply> {
  const { body, world } = call;
  const source = readPath(body, 'source');
  const destination = readPath(body, 'destination');
  const svm = world.cluster.svm(destination.svm);
  if (!svm || (call.session.svm && call.session.svm !== svm))
    throw new RestError(404, 2621462, `SVM "${destination.svm}" does not exist.`, 'destination.path');
  if (source.svm === destination.svm && source.volume === destination.volume)
    throw new RestError(400, 6619441, 'Source and destination are the same.', 'destination.path');
  const peer = svm.peers.find((one) => one.alias === source.svm);
  if (!peer)
    throw new RestError(
      400,
      13303886,
      `SVM "${source.svm}" is not a peer of SVM "${svm.name}".`,
      'source.path',
    );
  const policyBody = objectAt(body, 'policy');
  const wantedPolicy = Object.keys(policyBody).length > 0 ? policyBody : { name: 'Asynchronous' };
  const create = objectAt(body, 'create_destination')['enabled'] === true;
  const path = `${destination.svm}:${destination.volume}`;
  return operate(call, {
    svm,
    location: `/api/snapmirror/relationships/?destination.path=${encodeURIComponent(path)}`,
    run: async () => {
      if (!world.cluster.licenses.has('snapmirror'))
        throw new RestError(400, 13303868, 'SnapMirror is not licensed on this cluster.');
      const volume = await destinationVolume(call, svm, peer, source, destination.volume, create);
      if (world.engine.relationOf(volume))
        throw new RestError(
          409,
          6619637,
          `A relationship with the destination "${path}" exists.`,
          'destination.path',
        );
      if (volume.type !== 'dp')
        throw new RestError(400, 6619546, `Volume "${path}" is not of type "dp".`, 'destination.path');
      const relation = world.engine.addRelation({
        sourceSvm: peer,
        sourceVolume: source.volume,
        destination: volume,
        policy: policyNamed(call, wantedPolicy, { destination: volume }),
        throttle: Number(textAt(body, 'throttle') ?? 0),
      });
      await world.engine.register(relation);
      const wanted = textAt(body, 'state');
      const initialises = wanted === 'snapmirrored' || wanted === 'in_sync';
      if (initialises && policyType(relation.policy.kind) !== 'continuous') world.engine.start(relation);
      return relationRecord(world, relation);
    },
  });
}

async function destinationVolume(
  call: Call,
  svm: Svm,
  sourceSvm: SvmPeer,
  source: Path,
  name: string,
  create: boolean,
): Promise<Volume> {
  const { cluster, engine } = call.world;
  const known = cluster.volume(svm, name);
  if (known && create)
    throw new RestError(
      409,
      13303868,
      `The destination volume "${name}" exists already.`,
      'create_destination',
    );
  if (known) return known;
  if (!create) throw new RestError(404, 917525, `Volume "${name}" does not exist.`, 'destination.path');
  checkVolumeName(name);
  const policy = cluster.policyOf(svm, 'default');
  const peer = engine.peers.of(sourceSvm);
  if (!policy || !peer) throw new RestError(400, 13303868, 'The destination cannot be created.');
  try {
    const { result } = await peer.call(
      { method: 'volume', svm: sourceSvm.svmName, volume: source.volume },
      volumeFactsSchema,
    );
    return cluster.addVolume({ svm, name, type: 'dp', sizeBytes: result.sizeBytes, policy });
  } catch (error) {
    if (error instanceof PeerUnreachable)
      throw new RestError(500, 13303868, 'The source cluster cannot be reached.', 'source.path');
    throw error;
  }
}
