import { cutToWidth, displayWidth } from '../output/display-width.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with this control character
const style = /(\x1b\[\d+m)/;

/** A line with colours in it, cut to the columns of a terminal; a colour that was begun ends with the line. */
export function cutStyledLine(line: string, columns: number): string {
  const parts = line.split(style);
  const plain = parts.filter((_, at) => at % 2 === 0);
  if (displayWidth(plain.join('')) <= columns) return line;
  let left = columns - 1;
  let cut = '';
  for (const [at, part] of parts.entries()) {
    if (at % 2 === 1) cut += part;
    else if (displayWidth(part) <= left) {
      cut += part;
      left -= displayWidth(part);
    } else return `${cut}${cutToWidth(part, left + 1)}${parts.length > 1 ? '\x1b[0m' : ''}`;
  }
  return cut;
}
