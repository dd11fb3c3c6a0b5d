import { BlockList, isIP } from 'node:net';

/** Addresses that no crawl may reach: link-local, where clouds serve credentials (RFC 3927, RFC 4291 §2.5.6). */
const LINK_LOCAL = blockList(['169.254.0.0/16'], ['fe80::/10', 'fd00:ec2::254/128']);

/**
 * Addresses inside somebody's network or machine, from the IANA special-purpose registries
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry).
 */
const PRIVATE = blockList(
  [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  ['::/128', '::1/128', 'fc00::/7', 'fec0::/10', 'ff00::/8'],
);

export type AddressKind = 'public' | 'private' | 'linkLocal';

/**
 * Sorts an IP address. IPv4 inside IPv6 (mapped, NAT64, 6to4) is judged by the IPv4 address.
 * @param address IPv4 or IPv6 in any spelling that `net.isIP` takes, IPv6 without brackets
 */
export function addressKind(address: string): AddressKind {
  const inner = embeddedIpv4(address) ?? address;
  const family = isIP(inner) === 6 ? 'ipv6' : 'ipv4';
  if (LINK_LOCAL.check(inner, family)) return 'linkLocal';
  return PRIVATE.check(inner, family) ? 'private' : 'public';
}

/** The IPv4 address that an IPv6 one stands for (RFC 4291 §2.5.5.2, RFC 6052, RFC 3056), or `null`. */
function embeddedIpv4(address: string): string | null {
  if (isIP(address) !== 6) return null;
  // The URL parser writes every IPv6 address in its shortest form with hexadecimal groups only.
  const groups = expand(new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1));
  const head = groups.slice(0, 6).join(':');
  const dotted = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');
  if (head === '0:0:0:0:0:65535' || head === '100:65435:0:0:0:0') return dotted(groups[6] ?? 0, groups[7] ?? 0);
  return groups[0] === 0x2002 ? dotted(groups[1] ?? 0, groups[2] ?? 0) : null;
}

/** The eight groups of an IPv6 address as numbers. */
function expand(address: string): number[] {
  const [left = '', right] = address.split('::');
  const numbers = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  if (right === undefined) return numbers(left);
  const [start, end] = [numbers(left), numbers(right)];
  return [...start, ...Array.from({ length: 8 - start.length - end.length }, () => 0), ...end];
}

function blockList(ipv4: string[], ipv6: string[]): BlockList {
  const list = new BlockList();
  const add = (subnet: string, family: 'ipv4' | 'ipv6'): void => {
    const [net = '', bits = ''] = subnet.split('/');
    list.addSubnet(net, Number(bits), family);
  };
  for (const subnet of ipv4) add(subnet, 'ipv4');
  for (const subnet of ipv6) add(subnet, 'ipv6');
  return list;
}
