/** The server has broken a promise. */
export class Fault extends Error {
  override readonly name = 'Fault';
}
