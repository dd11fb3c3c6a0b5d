import { createServer as createHttpServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface DualPort {
  /** `http://127.0.0.1:<port>`, no trailing slash. */
  url: string;
  /** Drops every connection and frees the port. */
  close(): Promise<void>;
}

export interface DualPortHandlers {
  http1: RequestListener;
  http2: (request: Http2ServerRequest, response: Http2ServerResponse) => void;
}

/**
 * One loopback port that speaks HTTP/1.1 and cleartext HTTP/2 with prior knowledge, because the Scalekit SDK uses one
 * base URL for its token request (HTTP/1.1) and its calls (gRPC).
 * @param port 0 picks a free one
 */
export async function listenOnBoth(port: number, handlers: DualPortHandlers): Promise<DualPort> {
  const http1 = createHttpServer(handlers.http1);
  const http2 = createHttp2Server(handlers.http2);
  // A client that goes away mid-call is none of our business.
  http2.on('sessionError', () => undefined);
  const sockets = new Set<Socket>();

  const tcp = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      // Whoever takes the socket over must see the bytes that were peeked at.
      socket.pause();
      socket.unshift(first);
      const isHttp2 = first.subarray(0, 3).toString('latin1') === 'PRI';
      (isHttp2 ? http2 : http1).emit('connection', socket);
      if (!isHttp2) socket.resume();
    });
  });

  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(tcp.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        // close() alone waits for the SDK's kept-alive HTTP/2 connection.
        tcp.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
