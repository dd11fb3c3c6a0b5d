import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export type Route = string | Answer | ((request: IncomingMessage, response: ServerResponse) => Answer | void);

/** A site on loopback for one test. A string is an HTML page; what is not listed answers 404. */
export class TestSite {
  /** Path and query of each request, in order, without robots.txt. */
  readonly requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  readonly routes: Record<string, Route>;
  readonly #server: Server;

  private constructor(
    routes: Record<string, Route>,
    private readonly host: string,
  ) {
    this.routes = routes;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** @param host an address of the loopback network */
  static async start(routes: Record<string, Route>, host = '127.0.0.1'): Promise<TestSite> {
    const site = new TestSite(routes, host);
    await new Promise<void>((resolve) => site.#server.listen(0, host, resolve));
    return site;
  }

  get origin(): string {
    return `http://${this.host}:${(this.#server.address() as AddressInfo).port}`;
  }

  url(path: string): string {
    return `${this.origin}${path}`;
  }

  paths(): string[] {
    return this.requests.map(({ path }) => path);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/';
    if (path !== '/robots.txt' && path !== '/favicon.ico') this.requests.push({ path, headers: request.headers });
    let route = this.routes[path] ?? this.routes[path.split('?')[0] ?? path];
    if (typeof route === 'function') {
      const answer = route(request, response);
      if (answer === undefined) return;
      route = answer;
    }
    const answer: Answer = typeof route === 'string' ? { body: route } : (route ?? { status: 404, body: 'Not found' });
    response.writeHead(answer.status ?? 200, { 'content-type': 'text/html; charset=utf-8', ...answer.headers });
    response.end(answer.body ?? '');
  }
}

/** A page with a title, a sentence that is its own, and links. */
export function page(title: string, links: string[] = [], extra = ''): string {
  const anchors = links.map((link) => `<a href="${link}">${link}</a>`).join(' ');
  return `<!doctype html><html lang="en"><head><title>${title}</title>${extra}</head><body><main><h1>${title}</h1>
    <p>This is what the page ${title} says, and no other page of this site says it.</p><p>${anchors}</p></main></body></html>`;
}
