/** True when only this machine can reach a server that listens on `host`, or when `host` is where only this machine can be. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
