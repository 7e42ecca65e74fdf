/** Output that nobody reads any more (`leeward run list | head -1`) is dropped without a word. */
export function quietPipes(streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}
