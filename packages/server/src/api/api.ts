import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import type { Clock } from '@leeward/core';
import type { AnsweredRequest, Services } from '@leeward/engine';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerFactory,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
  type RouteOptions,
} from 'fastify';
import { jsonSchemaTransform, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { accessRoutes } from './access-routes.ts';
import { AllowedMethods } from './allowed-methods.ts';
import { countAnswers, metricsAddress } from './answered-requests.ts';
import { health } from './answers/system-answers.ts';
import { type AuditTrail, auditChanges } from './audit-hook.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { consolePage, serveConsole } from './console-files.ts';
import { describeAll, noteRoutes } from './describe.ts';
import type { Door } from './door.ts';
import { entityTags } from './etags.ts';
import { eventsRoutes } from './events-routes.ts';
import { serveExplorer } from './explorer.ts';
import { guard } from './guard.ts';
import { answerOnce } from './idempotency.ts';
import { refuseUnexpectedInput, refuseUnstorableText } from './no-input.ts';
import { notificationRoutes } from './notification-routes.ts';
import { oidcRoutes } from './oidc-routes.ts';
import { operationsRoutes } from './operations-routes.ts';
import { orphanRoutes } from './orphan-routes.ts';
import { type PageHeaders, pageHeaders } from './page-headers.ts';
import { answerProblems } from './problem.ts';
import { reportRoutes } from './report-routes.ts';
import { RequestLog } from './request-log.ts';
import { about } from './route-about.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { limitToJobs } from './scope-guard.ts';
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
  readonly clock: Clock;
  /** Says who calls. */
  readonly door: Door;
  readonly trail: AuditTrail;
  /** Where it can be reached over the network, once that is known. */
  readonly url?: (() => string | undefined) | undefined;
  /** For the network; default: plain HTTP without pages, for the socket. */
  readonly network?: NetworkSide | undefined;
  /** Is told of every request to the API that was answered. */
  readonly onAnswered?: ((request: AnsweredRequest) => void) | undefined;
  /** Sees every route as it is added. */
  readonly onRoute?: ((route: RouteOptions) => void) | undefined;
}

/** What is added where browsers come in. */
export interface NetworkSide extends PageHeaders {
  readonly serverFactory: FastifyServerFactory;
  /** With the built console; undefined: there is none. */
  readonly consoleFolder: string | undefined;
}

/** The HTTP API under `/api/v1`, described by itself at `/api/v1/openapi.json`. Does not listen yet. */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const { services, version, logger, door, trail, clock, url, network, onRoute } = options;
  const app = Fastify({
    loggerInstance: logger,
    bodyLimit: 1024 * 1024,
    logController: new RequestLog(),
    rewriteUrl: metricsAddress,
    clientErrorHandler: answerBrokenRequest,
    ...(network ? { serverFactory: network.serverFactory } : {}),
  });
  app.setValidatorCompiler(validatorCompiler);
  // Answers are described by schemas and tested against them; an answer that errs must still reach who asked.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  if (onRoute) app.addHook('onRoute', onRoute);
  const methods = new AllowedMethods();
  answerProblems(app, methods, network?.consoleFolder === undefined ? undefined : consolePage);
  if (network) await pageHeaders(app, network);
  if (network?.consoleFolder !== undefined) await serveConsole(app, network.consoleFolder);
  refuseUnexpectedInput(app);
  refuseUnstorableText(app);
  const routes = new Map<string, { readonly access: string; readonly changes: boolean }>();
  await app.register(cookie);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Leeward', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    },
    transform: jsonSchemaTransform,
    transformObject: describeAll(routes),
  });
  if (network) await serveExplorer(app);
  await app.register(
    async (scope) => {
      const api = scope.withTypeProvider<ZodTypeProvider>() as Api;
      guard(scope, door);
      methods.note(scope);
      noteRoutes(scope, routes);
      answerOnce(scope, services.idempotency);
      limitToJobs(scope, services.scopes);
      auditChanges(scope, trail, door, clock);
      entityTags(scope);
      if (options.onAnswered) countAnswers(scope, options.onAnswered);
      api.get('/health', about('anyone', 'server', 'Version and process of the server', health), () => {
        const reached = url?.();
        return { ok: true, version, pid: process.pid, ...(reached === undefined ? {} : { url: reached }) };
      });
      api.get('/openapi.json', { schema: { hide: true }, config: { access: 'anyone' } }, () => app.swagger());
      systemRoutes(api, services);
      workRoutes(api, services);
      orphanRoutes(api, services);
      operationsRoutes(api, services);
      scheduleRoutes(api, services);
      notificationRoutes(api, services);
      reportRoutes(api, services);
      settingsRoutes(api, services);
      eventsRoutes(api, services, clock);
      accessRoutes(api, services, door);
      oidcRoutes(api, services, door);
    },
    { prefix: '/api/v1' },
  );
  return app;
}
