/**
 * True for a host name that can only be this computer. A name that merely begins like a loopback address belongs to
 * whoever registered it (`127.0.0.1.evil.example`), so addresses are compared whole. Pure.
 * @param hostname as `URL` gives it: lower case, IPv6 in brackets, short forms of IPv4 written out
 */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
