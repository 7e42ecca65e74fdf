import { systemClock } from '@leeward/platform';
import { EmbeddedPostgres } from '../embedded-postgres.ts';

/** A process of its own that holds an embedded database until it is killed. */
const postgres = await EmbeddedPostgres.start({ dataFolder: process.argv[2] ?? '', clock: systemClock });
process.send?.({ url: postgres.url, pid: postgres.pid });
