import { InvalidArgumentError, Option } from 'commander';

/** An option that takes a whole number from `min` to `max`. */
export function wholeOption(flags: string, description: string, min: number, max: number): Option {
  return new Option(flags, description).argParser((text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`must be a whole number from ${min} to ${max}.`);
    return value;
  });
}

/** `--size` of lab and demo: a factor on all disks. */
export function sizeOption(): Option {
  return new Option('--size <factor>', 'scale the disks (1: 3 GiB provisioned)')
    .argParser((text) => {
      const factor = Number(text);
      if (!(factor >= 0.02 && factor <= 100))
        throw new InvalidArgumentError('must be a number from 0.02 to 100.');
      return factor;
    })
    .default(1);
}
