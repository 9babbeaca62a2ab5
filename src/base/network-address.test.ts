import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isForbiddenAddress } from './network-address.ts';

const FORBIDDEN =
  `127.0.0.1 127.255.255.255 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
  198.18.0.1 224.0.0.1 255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 ::ffff:127.0.0.1 ::ffff:7f00:1
  ::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b:1::1 2002:7f00:1:: 2002:a9fe:a9fe::1 2001:0:1::1 2001:db8::1 localhost 1.2.3 1.2.3.400
  1:2:3 ::1::2 g::1 1:2:3:4:5:6:7:8:9 fe80::1%a%b`.split(/\s+/);
const OPEN =
  '8.8.8.8 1.1.1.1 172.15.0.1 172.32.0.1 100.128.0.1 192.167.0.1 2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::'.split(
    ' ',
  );

it('addresses of the open Internet are told from all others', () => {
  for (const ip of FORBIDDEN) assert.equal(isForbiddenAddress(ip), true, ip);
  assert.equal(isForbiddenAddress(''), true);
  for (const ip of OPEN) assert.equal(isForbiddenAddress(ip), false, ip);
});
