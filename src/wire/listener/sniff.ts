/**
 * Tells by the first bytes what a connection speaks. ALPN is not enough: Java's SDK and the KCL speak HTTP/2 by prior
 * knowledge, over TLS without ALPN or SNI too. As few bytes are awaited as tell: one for TLS, up to three for HTTP/2's preface.
 */
import type { Duplex } from 'node:stream';

export type Spoken = 'tls' | 'http1' | 'http2';

const TLS_HANDSHAKE = 0x16;
/** No HTTP/1.1 method begins like HTTP/2's preface. */
const PREFACE = Buffer.from('PRI');

/** Undefined when `bytes` are too few to tell. */
export function spokenBy(bytes: Uint8Array, tlsPossible: boolean): Spoken | undefined {
  if (bytes.length === 0) return undefined;
  if (tlsPossible && bytes[0] === TLS_HANDSHAKE) return 'tls';
  const known = Math.min(bytes.length, PREFACE.length);
  if (PREFACE.compare(bytes, 0, known, 0, known) !== 0) return 'http1';
  return known === PREFACE.length ? 'http2' : undefined;
}

/** Calls back once it is known, with all bytes read put back; not at all when the connection ends before. */
export function sniff(socket: Duplex, tlsPossible: boolean, decided: (spoken: Spoken) => void): void {
  // Bytes too few to tell are kept aside: put back, they would be announced as readable again and again.
  let bytes: Buffer = Buffer.alloc(0);
  const onReadable = (): void => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    }
    const spoken = spokenBy(bytes, tlsPossible);
    if (spoken === undefined) return;
    stop();
    socket.unshift(bytes);
    decided(spoken);
  };
  const onEnd = (): void => {
    stop();
    socket.destroy();
  };
  const stop = (): void => {
    socket.off('readable', onReadable);
    socket.off('end', onEnd);
  };
  socket.on('readable', onReadable);
  socket.on('end', onEnd);
}
