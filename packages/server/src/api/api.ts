import swagger, { type SwaggerTransformObject } from '@fastify/swagger';
import type { Services } from '@leeward/engine';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
  type RouteOptions,
} from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { health } from './answers/system-answers.ts';
import { refuseUnexpectedInput } from './no-input.ts';
import { answerProblems } from './problem.ts';
import { RequestLog } from './request-log.ts';
import { about } from './route-about.ts';
import { settingsRoutes } from './settings-routes.ts';
import { systemRoutes } from './system-routes.ts';
import { workRoutes } from './work-routes.ts';

/** A Fastify scope whose inputs are typed by their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ApiOptions {
  readonly services: Services;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  /** Sees every route as it is added. */
  readonly onRoute?: ((route: RouteOptions) => void) | undefined;
}

/** The HTTP API under `/api/v1`, described by itself at `/api/v1/openapi.json`. Does not listen yet. */
export async function createApi({
  services,
  version,
  logger,
  onRoute,
}: ApiOptions): Promise<FastifyInstance> {
  const app = Fastify({ loggerInstance: logger, bodyLimit: 1024 * 1024, logController: new RequestLog() });
  app.setValidatorCompiler(validatorCompiler);
  // Answers are described by schemas and tested against them; an answer that errs must still reach who asked.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  if (onRoute) app.addHook('onRoute', onRoute);
  answerProblems(app);
  refuseUnexpectedInput(app);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Leeward', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    },
    transform: jsonSchemaTransform,
    transformObject: withoutInputs,
  });
  await app.register(
    async (scope) => {
      const api = scope.withTypeProvider<ZodTypeProvider>() as Api;
      api.get('/health', about('server', 'Version and process of the server', health), () => ({
        ok: true,
        version,
        pid: process.pid,
      }));
      api.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
      systemRoutes(api, services);
      workRoutes(api, services);
      settingsRoutes(api, services);
    },
    { prefix: '/api/v1' },
  );
  return app;
}

/** The named schemas are of answers only; their forms as inputs are of no use to anybody. */
const withoutInputs: SwaggerTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document);
  const schemas = ('components' in whole ? whole.components?.schemas : undefined) ?? {};
  for (const id of Object.keys(schemas)) if (id.endsWith('Input')) delete schemas[id];
  return whole;
};
