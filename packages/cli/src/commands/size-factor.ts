import { InvalidArgumentError } from 'commander';

/** Parses a factor between 1/50 and 100. */
export function sizeFactor(text: string): number {
  const factor = Number(text);
  if (!(factor >= 0.02 && factor <= 100))
    throw new InvalidArgumentError('must be a number from 0.02 to 100.');
  return factor;
}
