/** Addresses that are not of the open Internet. Source: IANA's registries of special-purpose addresses for IPv4 and IPv6. */

/**
 * True when a server must not connect there for a stranger: loopback, private, link-local (where clouds keep their metadata), carrier,
 * test, multicast and reserved addresses, those that carry such an IPv4 address within, and everything that is no address at all.
 */
export function isForbiddenAddress(ip: string): boolean {
  const v4 = parseV4(ip);
  if (v4 !== undefined) return isForbiddenV4(v4);
  const v6 = parseV6(ip);
  return v6 === undefined || isForbiddenV6(v6);
}

/** First address and length of the prefix. */
const FORBIDDEN_V4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

function isForbiddenV4(address: number): boolean {
  return FORBIDDEN_V4.some(([first, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor(parseV4(first)! / size);
  });
}

function isForbiddenV6(words: readonly number[]): boolean {
  const [w0, w1, w2, w3, w4, w5, w6, w7] = words as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const embedded = w6 * 65_536 + w7;
  const leadsWithZeros = w0 === 0 && w1 === 0 && w2 === 0 && w3 === 0;
  // ::ffff:a.b.c.d, and 64:ff9b::a.b.c.d of NAT64
  if (leadsWithZeros && w4 === 0 && w5 === 0xffff) return isForbiddenV4(embedded);
  if (w0 === 0x64 && w1 === 0xff9b && w2 === 0 && w3 === 0 && w4 === 0 && w5 === 0) {
    return isForbiddenV4(embedded);
  }
  // 2002:aabb:ccdd:: of 6to4
  if (w0 === 0x2002) return isForbiddenV4(w1 * 65_536 + w2);
  // Teredo hides its IPv4 address, and 2001:db8:: is for documents.
  if (w0 === 0x2001 && (w1 === 0 || w1 === 0xdb8)) return true;
  // Of what is left only 2000::/3 is given out.
  return w0 >> 13 !== 1;
}

/** Dotted, as 32 bits. */
function parseV4(text: string): number | undefined {
  const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (bytes === undefined || bytes.some((byte) => byte > 255)) return undefined;
  return bytes.reduce((address, byte) => address * 256 + byte, 0);
}

/** As eight words. A zone (`%eth0`) is passed over. */
function parseV6(text: string): readonly number[] | undefined {
  const [address = '', ...zones] = text.split('%');
  if (zones.length > 1) return undefined;
  const dotted = /^(.*:)([\d.]+)$/.exec(address);
  const v4 = dotted?.[2]!.includes('.') ? parseV4(dotted[2]!) : undefined;
  const whole =
    v4 === undefined
      ? address
      : `${dotted![1]}${Math.floor(v4 / 65_536).toString(16)}:${(v4 % 65_536).toString(16)}`;
  const halves = whole.split('::');
  if (halves.length > 2) return undefined;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - before.length - after.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const words = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (!words.every((word) => /^[0-9a-fA-F]{1,4}$/.test(word))) return undefined;
  return words.map((word) => parseInt(word, 16));
}
