/**
 * The environment that clients run in, built from nothing. A developer's shell may preset AWS_PROFILE, AWS_CA_BUNDLE,
 * SSL_CERT_FILE, proxies and more, and each client reacts to them in its own way (the Go SDK even refuses AWS_CA_BUNDLE next to an
 * HTTP client of one's own). And a client that forgets its endpoint must fail on loopback, not find AWS.
 */
import { tmpdir } from 'node:os';

const PASSED_ON = ['PATH', 'HOME', 'JAVA_HOME', 'USER', 'LOGNAME', 'SystemRoot'] as const;

/** Nothing listens on this port. */
const NOWHERE = 'http://127.0.0.1:9';

export function clientEnvironment(
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passed),
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    TMPDIR: tmpdir(),
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: NOWHERE,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_PAGER: '',
    ...extra,
  };
}

/** Installing needs what the user set up: proxies, mirrors, certificates. Only an activated virtual environment would mislead. */
export function installEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && name !== 'VIRTUAL_ENV' && name !== 'PYTHONPATH',
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
