import type { Services } from '@leeward/engine';
import { z } from 'zod';
import {
  configuration as configurationAnswer,
  configurationPlan,
  madeServerBackup,
  readiness as readinessAnswer,
} from './answers/operations-answers.ts';
import type { Api } from './api.ts';
import { configurationDocument } from './configuration-inputs.ts';
import { type About, about, changesNothing } from './route-about.ts';

/** As Prometheus' own text format calls itself. */
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/** What keeps the server itself in view and safe. */
export function operationsRoutes(
  api: Api,
  { readiness, metrics, support, configuration, serverBackups }: Services,
): void {
  api.get(
    '/ready',
    about(
      'anyone',
      'server',
      'Whether runs can be made now; 503 where not, with what is missing',
      readinessAnswer,
    ),
    async (_request, reply) => {
      const answer = await readiness.show();
      if (answer.ready === false) reply.code(503);
      return answer;
    },
  );
  api.get(
    '/metrics',
    withType(about('viewer', 'server', 'Metrics for Prometheus; also at /metrics', z.string()), 'text/plain'),
    async (_request, reply) => reply.type(metricsType).send(await metrics.text()),
  );
  api.get(
    '/support-bundle',
    withType(
      about(
        'administrator',
        'server',
        'What who helps needs to see, without secrets, as .tar.gz',
        z.string(),
        {
          querystring: supportBundle,
        },
      ),
      'application/gzip',
    ),
    async ({ query }, reply) => {
      const bundle = await support.bundle(query);
      reply.header('content-disposition', 'attachment; filename="leeward-support.tar.gz"');
      return reply.type('application/gzip').send(bundle);
    },
  );
  api.get(
    '/config',
    about(
      'administrator',
      'configuration',
      'The configuration as one document, without secrets',
      configurationAnswer,
    ),
    () => configuration.show(),
  );
  api.post(
    '/config/plan',
    changesNothing(
      about(
        'administrator',
        'configuration',
        'Which operations would make the server as a document says; changes nothing',
        configurationPlan,
        { body: configurationDocument },
      ),
    ),
    ({ body }) => configuration.plan(body),
  );
  api.get(
    '/server/backup',
    about(
      'viewer',
      'server-backup',
      "The last backup of the server's own database",
      madeServerBackup.nullable(),
    ),
    () => serverBackups.last(),
  );
  api.post(
    '/server/backup',
    about(
      'administrator',
      'server-backup',
      "Back up the server's own database into a repository; passwords stay sealed, their key is not in it",
      madeServerBackup,
      { body: makeServerBackup },
    ),
    ({ body }) => serverBackups.make(body.repository),
  );
}

const makeServerBackup = z.strictObject({
  repository: z.string().min(1).optional().describe('Name or id; left out: as in the settings'),
});

const supportBundle = z.strictObject({
  run: z.string().min(1).optional().describe('Only this run instead of the last 20; an id may be cut short'),
});

/** The same, for an answer that is not JSON. */
function withType<Input extends object>({ config, schema }: About<Input>, type: string): About<Input> {
  const { content, ...done } = schema.response[200];
  const answer = { ...done, content: { [type]: content['application/json'] ?? { schema: z.string() } } };
  return { config, schema: { ...schema, response: { ...schema.response, 200: answer } } };
}
