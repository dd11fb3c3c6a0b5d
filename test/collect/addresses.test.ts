import { describe, expect, it } from 'vitest';
import { AddressGuard } from '../../src/collect/address-guard.js';
import { addressKind } from '../../src/collect/private-address.js';

describe('addressKind', () => {
  it.each([
    ['93.184.216.34', 'public'],
    ['2606:2800:220:1:248:1893:25c8:1946', 'public'],
    ['127.0.0.1', 'private'],
    ['10.1.2.3', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['0.0.0.0', 'private'],
    ['::1', 'private'],
    ['fd12::1', 'private'],
    ['169.254.169.254', 'linkLocal'],
    ['fe80::1', 'linkLocal'],
    ['fd00:ec2::254', 'linkLocal'],
    ['::ffff:127.0.0.1', 'private'],
    ['::ffff:a9fe:a9fe', 'linkLocal'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['2002:7f00:1::', 'private'],
    ['::ffff:93.184.216.34', 'public'],
  ])('%s is %s', (address, kind) => {
    expect(addressKind(address)).toBe(kind);
  });
});

describe('AddressGuard', () => {
  const home = new AddressGuard({ allowPrivate: false, ownOrigin: null });
  const local = new AddressGuard({ allowPrivate: true, ownOrigin: 'http://127.0.0.1:4321' });

  it('refuses private addresses on the platform, by name and by number in any spelling', async () => {
    for (const host of ['localhost', '127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:7f00:1]']) {
      expect(await home.allowsUrl(`http://${host}/`)).toBe(false);
      expect(await local.allowsUrl(`http://${host}/`)).toBe(true);
    }
  });

  it('refuses link-local addresses and the live view everywhere', async () => {
    expect(await local.allowsUrl('http://169.254.169.254/latest/meta-data/')).toBe(false);
    expect(await local.allowsUrl('http://127.0.0.1:4321/')).toBe(false);
    expect(await local.allowsUrl('http://127.0.0.1:4322/')).toBe(true);
    for (const name of ['localhost', '[::1]', '0.0.0.0', '127.1.2.3', '[::ffff:127.0.0.1]']) {
      expect(await local.allowsUrl(`http://${name}:4321/`)).toBe(false);
      expect(await local.allowsUrl(`http://${name}:4322/`)).toBe(true);
    }
  });
});
