import { runProxy } from './proxy-process.ts';

// Deprecations are for developers; one comes from a library that we use and cannot change.
process.noDeprecation = true;
await runProxy(process.env);
