import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ConsentEnd, ScalekitEnvironment } from './environment.js';
import { consentPage, messagePage } from './pages.js';
import type { PageReply } from './pages.js';

export interface BrowserSideOptions {
  environment: ScalekitEnvironment;
  workspaces: readonly string[];
  clientId: string;
  clientSecret: string;
  /** Waits as long as the fault switches say. */
  wait: () => Promise<void>;
  /** Hands out a fresh bearer. */
  issueBearer: () => string;
}

const BODY_LIMIT = 16 * 1024;

/** The HTTP/1.1 half: the token endpoint for the SDK, and the pages that a browser passes through on its way. */
export function browserSide(options: BrowserSideOptions): RequestListener {
  return (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(error instanceof Error ? error.message : 'failed');
    });
  };
}

async function answer(options: BrowserSideOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { environment } = options;
  const { pathname } = new URL(request.url ?? '/', 'http://sandbox');
  const [, route, id = ''] = pathname.split('/');

  if (pathname === '/oauth/token') {
    if (request.method !== 'POST') return json(response, 405, { error: 'method_not_allowed' });
    return login(options, await readForm(request), response);
  }
  if (route === 'magicLink' && request.method === 'GET') {
    const session = environment.follow(id);
    return session === null ? send(response, tooLate()) : redirect(response, `/consent/${session}`);
  }
  if (route === 'consent' && request.method === 'GET') {
    const account = environment.sessionAccount(id);
    if (account === null) return send(response, tooLate());
    const { provider, identifier } = account;
    return send(response, consentPage({ session: id, provider, identifier, workspaces: options.workspaces }));
  }
  if (route === 'consent' && request.method === 'POST') {
    const form = await readForm(request);
    const workspace = form.get('workspace') ?? '';
    const allowed = form.get('decision') === 'allow';
    if (allowed && !options.workspaces.includes(workspace))
      return send(response, messagePage(400, 'No such workspace', 'Go back and choose one of the list.'));
    return end(response, environment.decide(id, allowed ? workspace : null));
  }
  if (pathname === '/connected' && request.method === 'GET') return send(response, connected());
  return send(response, messagePage(404, 'Nothing here', 'The address is not one of the sandbox.'));
}

async function login(options: BrowserSideOptions, form: URLSearchParams, response: ServerResponse): Promise<void> {
  await options.wait();
  if (form.get('grant_type') !== 'client_credentials') return json(response, 400, { error: 'unsupported_grant_type' });
  const known =
    same(form.get('client_id') ?? '', options.clientId) && same(form.get('client_secret') ?? '', options.clientSecret);
  if (!known) return json(response, 401, { error: 'invalid_client' });
  return json(response, 200, { access_token: options.issueBearer(), token_type: 'Bearer', expires_in: 86_399 });
}

function end(response: ServerResponse, outcome: ConsentEnd): void {
  switch (outcome.kind) {
    case 'redirect':
      return redirect(response, outcome.url);
    case 'connected':
      return send(response, connected());
    case 'cancelled':
      return send(response, messagePage(200, 'Cancelled', 'Nothing was connected. You can close this page.'));
    case 'too-late':
      return send(response, tooLate());
    case 'failed-to-exchange':
      return send(
        response,
        messagePage(
          400,
          'The connection was not finished',
          'Whoever made this link has to say where the browser returns to.',
          'failed_to_exchange: user_verify_url not configured for verification redirect',
        ),
      );
  }
}

function connected(): PageReply {
  return messagePage(200, 'Connected', 'You can close this page and return to your task.');
}

function tooLate(): PageReply {
  return messagePage(410, 'This link has expired', 'Return to where you came from and ask for a new one.');
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store' }).end();
}

function send(response: ServerResponse, reply: PageReply): void {
  response.writeHead(reply.status, reply.headers).end(reply.html);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error('The form is too large.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function same(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
