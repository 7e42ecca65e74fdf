import { type Answer, LinkServer } from '../../link/link-server.ts';
import { RestError } from '../rest/rest-error.ts';
import { type InterclusterRequest, requestSchema } from './protocol.ts';

export type { Answer } from '../../link/link-server.ts';

/** The intercluster door: answers the peer that knows the token, others are cut off. */
export class InterclusterServer extends LinkServer<true, InterclusterRequest> {
  constructor(token: string, answer: (request: InterclusterRequest) => Promise<Answer>) {
    super({
      parse: (request) => requestSchema.safeParse(request).data,
      admit: (request) => (request.method === 'hello' && request.token === token ? true : undefined),
      answer: (_, request) => answer(request),
      refusal: (error) => ({
        code: error instanceof RestError ? error.code : 65541,
        message: error instanceof Error ? error.message : 'failed',
      }),
    });
  }
}
