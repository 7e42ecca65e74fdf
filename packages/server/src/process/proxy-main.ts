import { runProxy } from './proxy-process.ts';

await runProxy(process.env);
