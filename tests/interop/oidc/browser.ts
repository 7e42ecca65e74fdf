/** A browser that goes where it is sent, with cookies, and fills in the forms of `oidc-provider`. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  /** Signs in as `login`, agrees to everything, and returns the query that it comes back with. */
  async signIn(url: string, login: string, comesBackTo: string): Promise<string> {
    let at = url;
    let form: Record<string, string> | undefined;
    for (let step = 0; step < 12; step++) {
      if (at.startsWith(comesBackTo)) return new URL(at).search;
      const answer = await this.#ask(at, form);
      const next = answer.headers.get('location');
      form = undefined;
      if (next !== null) {
        at = new URL(next, at).href;
        continue;
      }
      const page = await answer.text();
      const [, action] = /<form[^>]+action="([^"]+)"/.exec(page) ?? [];
      const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
      if (action === undefined || prompt === undefined) throw new Error(`${answer.status} ${at}: ${page}`);
      at = new URL(action, at).href;
      form = prompt === 'login' ? { prompt, login, password: 'any' } : { prompt };
    }
    throw new Error('the provider does not send the browser back');
  }

  /** Whether the provider lets it in at once, since it has a session there; nobody is there to answer. */
  async hasSession(url: string, comesBackTo: string): Promise<boolean> {
    let at = url;
    for (let step = 0; step < 5 && !at.startsWith(comesBackTo); step++) {
      const next = (await this.#ask(at)).headers.get('location');
      if (next === null) return false;
      at = new URL(next, at).href;
    }
    return new URL(at).searchParams.has('code');
  }

  /** Signs out where it was sent to, agrees, and returns the address that it is sent back to. */
  async signOut(url: string): Promise<string> {
    const page = await (await this.#ask(url)).text();
    const [, action] = /<form[^>]+action="([^"]+)"/.exec(page) ?? [];
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page) ?? [];
    if (action === undefined || xsrf === undefined) throw new Error(`${url}: ${page}`);
    const answer = await this.#ask(new URL(action, url).href, { xsrf, logout: 'yes' });
    return answer.headers.get('location') ?? '';
  }

  /** As a user who does not want to. */
  async refuse(url: string, comesBackTo: string): Promise<string> {
    const first = await this.#ask(url);
    const page = new URL(first.headers.get('location') ?? '', url).href;
    await this.#ask(page);
    let at = `${page}/abort`;
    for (let step = 0; step < 5 && !at.startsWith(comesBackTo); step++) {
      const answer = await this.#ask(at);
      at = new URL(answer.headers.get('location') ?? '', at).href;
    }
    return new URL(at).search;
  }

  async #ask(url: string, form?: Record<string, string>): Promise<Response> {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', ...value] = pair.split('=');
      this.#cookies.set(name, value.join('='));
    }
    return answer;
  }
}
