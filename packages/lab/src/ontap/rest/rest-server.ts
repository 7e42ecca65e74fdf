import type { Clock } from '@leeward/core';
import { TlsServer } from '../../rest/tls-server.ts';
import type { SelfSignedCertificate } from '../../tls/self-signed.ts';
import type { World } from '../world.ts';
import { dispatch } from './dispatcher.ts';
import { RestError } from './rest-error.ts';

const headers = { Server: 'libzapid-httpd', 'Content-Type': 'application/json' };

/** The REST interface on its port. */
export class RestServer extends TlsServer<number> {
  /** `clock` is that of real connections. */
  constructor(world: World, certificate: SelfSignedCertificate, clock: Clock) {
    super({
      clock,
      arrayClock: world.cluster.clock,
      certificate,
      fault: (method, path) => world.faults.rest(method, path),
      refused: ({ status, code, message }) => ({
        status,
        headers,
        body: JSON.stringify(new RestError(status, code, message).envelope()),
      }),
      dispatch: (request) => dispatch(world, request),
    });
  }
}
