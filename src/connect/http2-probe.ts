import { connect } from 'node:http2';

/**
 * Finds out whether a server speaks HTTP/2 before the SDK is let loose on it: against one that does not, the SDK's
 * transport raises an error that nobody can catch, and the whole run would die of a mistyped address.
 * @param url of the server
 * @throws the connection's own error: `ERR_HTTP2_ERROR` when the answer is no HTTP/2, `ECONNREFUSED` and the like,
 *   `ETIMEDOUT` after `timeoutMs`
 */
export function probeHttp2(url: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const session = connect(url);
    const fail = (code: string): void => reject(Object.assign(new Error('no HTTP/2 session'), { code }));
    const timer = setTimeout(() => {
      fail('ETIMEDOUT');
      session.destroy();
    }, timeoutMs);
    // The settings frame is the first thing that every HTTP/2 server sends.
    session.once('remoteSettings', () => {
      resolve();
      session.destroy();
    });
    session.on('error', reject);
    session.once('close', () => {
      clearTimeout(timer);
      fail('ECONNRESET');
    });
  });
}
