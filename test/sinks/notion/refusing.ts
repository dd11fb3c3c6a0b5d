import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Passes requests on to `target`; a page whose body `refuses` says true to is answered 400 with `message`. */
export async function refusing(
  target: string,
  message: string,
  refuses: (markdown: string) => boolean,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      const markdown = body === '' ? undefined : (JSON.parse(body) as { markdown?: string }).markdown;
      if (markdown !== undefined && refuses(markdown)) {
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
      response.end(await reply.text());
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
