import type { Services } from '@leeward/engine';
import { dailyReportHtml } from '@leeward/engine/reports/daily-report-html';
import { protectionCsv, protectionReportHtml } from '@leeward/engine/reports/protection-report';
import { runReportHtml } from '@leeward/engine/reports/run-report-html';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { dailyReport, protectionReport, runReport } from './answers/report-answers.ts';
import type { Api } from './api.ts';
import { byId } from './inputs.ts';
import { type About, about } from './route-about.ts';

const textForms = { html: 'text/html', csv: 'text/csv' } as const;
type TextForm = keyof typeof textForms;

/** By `format`, else by the header `accept`; JSON where neither says otherwise. */
const format = <Form extends TextForm>(...forms: readonly Form[]) =>
  z
    .enum(['json', ...forms])
    .optional()
    .describe('Default: as the header `accept` says, else JSON');

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day: 2026-11-26')
  .describe('The day on which the 24 hours of the report end; default: the newest that is over');

/** What happened, and what there is: for programs as JSON, for people as pages that need nothing else. */
export function reportRoutes(api: Api, { reports }: Services): void {
  api.get(
    '/runs/:id/report',
    inForms(
      ['html'],
      about('viewer', 'report', 'Report of a run', runReport, {
        params: byId,
        querystring: z.strictObject({ format: format('html') }),
      }),
    ),
    async (request, reply) => {
      const report = await reports.run(request.params.id, request.visible !== undefined);
      return answer(request, reply, report, { html: runReportHtml });
    },
  );
  api.get(
    '/reports/daily',
    inForms(
      ['html'],
      about('viewer', 'report', 'What happened in a day', dailyReport, {
        querystring: z.strictObject({ date: day.optional(), format: format('html') }),
      }),
    ),
    async (request, reply) => {
      const report = await reports.daily(request.query.date, request.visible?.ids);
      return answer(request, reply, report, { html: dailyReportHtml });
    },
  );
  api.get(
    '/reports/protection',
    inForms(
      ['html', 'csv'],
      about('viewer', 'report', 'Which copies of which VM there are, and where', protectionReport, {
        querystring: z.strictObject({ format: format('html', 'csv') }),
      }),
    ),
    async (request, reply) =>
      answer(request, reply, await reports.protection(request.visible?.ids), {
        html: protectionReportHtml,
        csv: protectionCsv,
      }),
  );
}

function inForms<Input extends object>(forms: readonly TextForm[], route: About<Input>): About<Input> {
  const { response } = route.schema;
  const texts = forms.map((form) => [textForms[form], { schema: z.string() }] as const);
  const content = { ...response[200].content, ...Object.fromEntries(texts) };
  return {
    ...route,
    schema: { ...route.schema, response: { ...response, 200: { ...response[200], content } } },
  };
}

type Renderers<Report> = { readonly [Form in TextForm]?: (report: Report) => string };

function answer<Report extends object>(
  request: Pick<FastifyRequest, 'headers' | 'query'>,
  reply: FastifyReply,
  report: Report,
  renderers: Renderers<Report>,
): unknown {
  const { format: wanted = accepted(request.headers.accept) } = request.query as { readonly format?: string };
  const form = (Object.keys(renderers) as TextForm[]).find((each) => each === wanted);
  const render = form && renderers[form];
  reply.header('vary', 'accept');
  if (!form || !render) return report;
  // A page of its own: nothing may run in it or be loaded by it, wherever it is shown.
  reply.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  return reply.type(`${textForms[form]}; charset=utf-8`).send(render(report));
}

/** Of what a browser or program asks for by name, the first that is a form of ours. */
function accepted(accept: string | undefined): string {
  const asked = (accept ?? '').split(',').map((part) => part.split(';')[0]?.trim());
  for (const type of asked) {
    if (type === 'application/json') return 'json';
    const form = Object.entries(textForms).find(([, each]) => each === type);
    if (form) return form[0];
  }
  return 'json';
}
