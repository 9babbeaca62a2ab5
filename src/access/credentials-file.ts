/**
 * The credentials file, in the format of `~/.aws/credentials`: one profile for each access key that may call.
 *
 *     [alice]
 *     aws_access_key_id = AKIA…
 *     aws_secret_access_key = …
 *     aws_session_token = …          (optional: temporary credentials)
 *     x_security_token_expires = …   (optional: ISO 8601, when those end)
 *     aws_account_id = 123456789012  (optional: else the server's --account)
 */
import { rootOf, type Credential } from './credentials.ts';

/** The credentials file is malformed. The message names the profile and the setting, never a secret. */
export class CredentialsFileError extends Error {
  override readonly name = 'CredentialsFileError';
}

/** By access key id. Profiles without keys (of roles, of SSO) are passed over. Throws `CredentialsFileError`; `path` is for its messages. */
export function parseCredentials(text: string, path: string, account: string): Map<string, Credential> {
  const credentials = new Map<string, Credential>();
  for (const [profile, settings] of parseProfiles(text, path)) {
    const credential = credentialOf(profile, settings, path, account);
    if (credential === undefined) continue;
    const { accessKeyId } = credential.caller;
    if (credentials.has(accessKeyId)) {
      throw new CredentialsFileError(
        `${path}: profile [${profile}] repeats the access key of another profile.`,
      );
    }
    credentials.set(accessKeyId, credential);
  }
  if (credentials.size === 0) {
    throw new CredentialsFileError(
      `${path} holds no access key. Write at least one profile with aws_access_key_id and aws_secret_access_key.`,
    );
  }
  return credentials;
}

function credentialOf(
  profile: string,
  settings: ReadonlyMap<string, string>,
  path: string,
  account: string,
): Credential | undefined {
  const accessKeyId = settings.get('aws_access_key_id');
  const secretAccessKey = settings.get('aws_secret_access_key');
  if (!accessKeyId && !secretAccessKey) return undefined;
  const wrong = (setting: string, what: string) =>
    new CredentialsFileError(`${path}: profile [${profile}] ${what} ${setting}.`);
  if (!accessKeyId) throw wrong('aws_access_key_id', 'lacks');
  if (!secretAccessKey) throw wrong('aws_secret_access_key', 'lacks');
  if (!/^[\w.-]{1,128}$/.test(accessKeyId)) throw wrong('aws_access_key_id', 'has a malformed');
  const own = settings.get('aws_account_id') ?? account;
  if (!/^\d{12}$/.test(own)) throw wrong('aws_account_id (12 digits)', 'has a malformed');
  const expires = settings.get('x_security_token_expires');
  const expiresMs = expires === undefined ? undefined : Date.parse(expires);
  if (Number.isNaN(expiresMs)) throw wrong('x_security_token_expires', 'has a malformed');
  const sessionToken = settings.get('aws_session_token') || undefined;
  return {
    secretAccessKey,
    sessionToken,
    expiresMs,
    caller: rootOf(own, accessKeyId, sessionToken !== undefined),
    signingKeys: new Map(),
  };
}

/** The INI format as the AWS SDKs read it: comments begin a line, or follow white space; indented lines are nested settings, which we have none of. */
function parseProfiles(text: string, path: string): Map<string, Map<string, string>> {
  const profiles = new Map<string, Map<string, string>>();
  let settings: Map<string, string> | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*([#;].*)?$/.test(line) || /^\s/.test(line)) continue;
    const section = /^\[\s*(?:profile\s+)?([^\]]+?)\s*\]\s*([#;].*)?$/.exec(line);
    if (section !== null) {
      const name = section[1]!;
      settings = profiles.get(name) ?? new Map<string, string>();
      profiles.set(name, settings);
      continue;
    }
    const equals = line.indexOf('=');
    if (settings === undefined || equals < 1) {
      throw new CredentialsFileError(
        `${path}: line ${index + 1} is neither a [profile] nor a setting of one (name = value).`,
      );
    }
    const value = line.slice(equals + 1).replace(/\s[#;].*$/, '');
    settings.set(line.slice(0, equals).trim().toLowerCase(), value.trim());
  }
  return profiles;
}
