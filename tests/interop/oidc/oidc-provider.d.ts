declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  /** Of the package, which has no types of its own, only what the tests use. */
  export default class Provider {
    constructor(issuer: string, configuration: object);
    callback(): RequestListener;
  }
}
