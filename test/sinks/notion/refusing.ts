import { serveLoopback } from '../../../sandbox/loopback.js';

/** The part of a request that tests look at. */
interface RequestBody {
  markdown?: string;
  cover?: unknown;
  properties?: object;
  icon?: unknown;
  replace_content?: { new_str: string };
  parent?: { workspace?: boolean };
  /** Of a database. */
  initial_data_source?: unknown;
}

/**
 * Passes requests on to `target`; one whose body `refuses` says true to is answered 400 with `message`.
 * @param empties whose answers become `{}`, as those of a broken edge
 */
export function refusing(
  target: string,
  message: string,
  refuses: (body: RequestBody) => boolean,
  empties: (method: string, path: string) => boolean = () => false,
): Promise<{ url: string; close: () => Promise<void> }> {
  return serveLoopback((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      if (body !== '' && refuses(JSON.parse(body) as RequestBody)) {
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ object: 'error', status: 400, code: 'validation_error', message }));
        return;
      }
      const headers = Object.fromEntries(
        ['authorization', 'notion-version', 'content-type'].flatMap((name) => {
          const value = request.headers[name];
          return typeof value === 'string' ? [[name, value]] : [];
        }),
      );
      const reply = await fetch(`${target}${request.url ?? ''}`, {
        method: request.method ?? 'GET',
        headers,
        ...(body === '' ? {} : { body }),
      });
      response.writeHead(reply.status, { 'content-type': 'application/json' });
      const text = await reply.text();
      response.end(empties(request.method ?? '', request.url ?? '') ? '{}' : text);
    })();
  });
}
