import { SeededRandomness } from '@leeward/platform';

const poolBytes = 1 << 20;
const syllables =
  'ba con der est fra gen hal in ja kor lin men no or pre que re sta ter un ver wa xi yo ze ab tion ing ment er ly'.split(
    ' ',
  );

/** 1 MiB of prose-like text and log lines from which text content is cut; always the same. */
export const wordPool: Uint8Array = makePool();

function makePool(): Uint8Array {
  const random = new SeededRandomness(20_251);
  const pick = (count: number) => Math.floor(random.fraction() * count);
  const words = Array.from({ length: 3000 }, () =>
    Array.from({ length: 1 + pick(4) }, () => syllables[pick(syllables.length)]).join(''),
  );
  // Common words are far more frequent than rare ones, as in real text.
  const word = () => words[Math.floor(words.length * random.fraction() ** 3)];
  const bytes = Buffer.alloc(poolBytes);
  for (let at = 0, line = 0; at < poolBytes; line++) {
    const sentence = Array.from({ length: 5 + pick(12) }, word).join(' ');
    const stamp = `2026-0${1 + pick(9)}-1${pick(10)}T1${pick(10)}:${10 + pick(50)}:${10 + pick(50)} `;
    const text = line % 3 === 0 ? `${stamp}INFO ${sentence}\n` : `${sentence}.\n`;
    at += bytes.write(text, at);
  }
  return bytes;
}
