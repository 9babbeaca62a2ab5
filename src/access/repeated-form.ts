/**
 * The canonical requests of a client that says the same again and again: from one to the next only the hash of the body changes, and once a
 * second the date. What was signed last is kept as bytes; while the method and the signed headers are what they were, only that hash is
 * written anew. The bytes are those of `canonicalRequest`, which a test compares.
 */
import { hash } from 'node:crypto';
import type { SignedRequest } from '../wire/shape/authentication.ts';
import { canonicalRequest } from './canonical-request.ts';
import type { SignatureClaim } from './signature-claim.ts';

/** A longer form is not kept. */
const BYTES_MAX = 4096;
const HASH_CHARACTERS = 64;
const NOTHING = Buffer.alloc(0);

export class RepeatedForm {
  #method = '';
  /** Of the signed headers, in their order. */
  readonly #values: (string | undefined)[] = [];
  #bytes = NOTHING;
  /** As much of the bytes as the form takes; empty when none is kept. */
  #form = NOTHING;

  /** SHA-256 of the canonical request, in hexadecimal. The claim has the names of one list, always, and the target is `/`. */
  hashOf(request: SignedRequest, claim: SignatureClaim): string {
    if (!this.#isKept(request, claim.signedHeaders)) return this.#keep(request, claim);
    const form = this.#form;
    form.write(hash('sha256', request.body, 'hex'), form.length - HASH_CHARACTERS, 'latin1');
    return hash('sha256', form, 'hex');
  }

  #isKept({ method, headers }: SignedRequest, signedHeaders: readonly string[]): boolean {
    if (this.#form.length === 0 || method !== this.#method) return false;
    for (let index = 0; index < signedHeaders.length; index++) {
      if (headers.get(signedHeaders[index]!) !== this.#values[index]) return false;
    }
    return true;
  }

  #keep(request: SignedRequest, claim: SignatureClaim): string {
    const { signedHeaders } = claim;
    const text = canonicalRequest(request, claim);
    // Of HTTP/2 the value is found under another name.
    if (text.length > BYTES_MAX || signedHeaders.includes(':authority')) {
      this.#form = NOTHING;
      return hash('sha256', Buffer.from(text, 'latin1'), 'hex');
    }
    if (this.#bytes.length < text.length) this.#bytes = Buffer.alloc(text.length);
    if (this.#form.length !== text.length) this.#form = this.#bytes.subarray(0, text.length);
    this.#form.write(text, 'latin1');
    this.#method = request.method;
    signedHeaders.forEach((name, index) => (this.#values[index] = request.headers.get(name)));
    return hash('sha256', this.#form, 'hex');
  }
}
