// Executes the decision table: `npm run rules`, see tests/rules/run/main.ts.
import { main } from '../tests/rules/run/main.ts';

process.exitCode = await main(process.argv.slice(2));
