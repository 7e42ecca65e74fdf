import type { JobDraft } from './job-draft.ts';

export interface StepProps {
  readonly draft: JobDraft;
  readonly change: (part: Partial<JobDraft>) => void;
}
