import { quoted } from './quoted.ts';

/** Values of options by their names; empty, `false` and undefined: not given. Several: one after the other. */
type Options = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The command of that verb with what is looked for: `leeward vm list --find 'a b'`. */
export function commandLine(verb: string, options: Options): string {
  const words = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false || value === '') return [];
    if (value === true) return [`--${name}`];
    const values = [value].flat().map((each) => quoted(String(each)));
    return values.length === 0 ? [] : [`--${name}`, ...values];
  });
  return ['leeward', verb, ...words].join(' ');
}
