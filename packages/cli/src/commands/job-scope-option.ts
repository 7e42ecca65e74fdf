import { Option } from 'commander';

/** `--jobs`: what a user or a token is limited to. */
export function jobsOption(): Option {
  return new Option(
    '--jobs <name...>',
    'limited to these jobs and their runs, points, chains and restores: names, in which * stands for any text, or ids',
  );
}

/** In the words of the API. */
export function scopeOf(jobs: readonly string[] | undefined): { readonly scope?: object } {
  return jobs === undefined ? {} : { scope: { jobs } };
}
