import { isError } from '@leeward/core';
import { dailyReportHtml } from '../reports/daily-report-html.ts';
import { html } from '../reports/html.ts';
import { linkLine, page, paragraph, problemBlock } from '../reports/page.ts';
import { runReportHtml } from '../reports/run-report-html.ts';
import type { ReportService } from '../services/report-service.ts';
import type { Message } from './message.ts';
import type { SendDeps } from './send.ts';

/** Mails show the report of the run or day that they are about, and have it attached as JSON. */
export function channelMail(reports: Pick<ReportService, 'run' | 'daily'>): SendDeps['mailOf'] {
  return async (message) => {
    const { runId, date, topics } = message;
    try {
      if (date !== undefined && topics.includes('digest')) {
        const report = await reports.daily(date);
        return { html: dailyReportHtml(report), attachments: [attached(`daily-${date}.json`, report)] };
      }
      if (runId !== undefined && (topics.includes('run') || topics.includes('restore'))) {
        const report = await reports.run(runId);
        return { html: runReportHtml(report), attachments: [attached(`run-${runId}.json`, report)] };
      }
    } catch (error) {
      // The run is gone meanwhile: what the message itself says is enough.
      if (!isError(error, 'L-CFG-102') && !isError(error, 'L-RUN-105')) throw error;
    }
    return { html: plainPage(message) };
  };
}

function attached(name: string, report: object) {
  return { name, type: 'application/json', content: JSON.stringify(report, null, 2) };
}

function plainPage({ title, lines, problems, links }: Message): string {
  return page(title, [
    linkLine(links),
    ...lines.map((line) => paragraph(html`${line}`)),
    ...problems.map((problem) => problemBlock(problem, problem.vm)),
  ]);
}
