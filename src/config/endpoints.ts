/**
 * `--endpoints FILE`: where the buckets, hosts, domains, databases and functions really are that AWS's API names in AWS's own patterns. A JSON
 * file, read strictly once at start; docs/reference/endpoints.md describes it.
 */
import path from 'node:path';
import { isLoopbackHost } from '../base/loopback.ts';
import { isForbiddenAddress } from '../base/network-address.ts';
import { createReader, type ObjectReader } from './endpoints-reader.ts';

/** Of Signature Version 4. */
export type KeyCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
};

export type BasicCredentials = { readonly user: string; readonly password: string };

export type Endpoint = {
  /** Without a slash at its end. */
  readonly url: string;
  /** PEM of the authorities to trust in place of the usual ones. */
  readonly certificateAuthority: string | undefined;
};

export type BucketEndpoint = Endpoint & {
  readonly region: string;
  readonly addressing: 'path' | 'virtual-host';
  /** Requests are not signed without. */
  readonly credentials: KeyCredentials | undefined;
};
export type DomainEndpoint = Endpoint & {
  readonly credentials: KeyCredentials | BasicCredentials | undefined;
};
export type FunctionEndpoint = Endpoint & {
  readonly region: string;
  readonly credentials: KeyCredentials | undefined;
};
/** `copy`: the server speaks Redshift's COPY. `copy-from-stdin`: PostgreSQL, to which the rows themselves are sent. */
export type DatabaseEndpoint = Endpoint & { readonly load: 'copy' | 'copy-from-stdin' };

export type Endpoints = {
  /** By name; `*` stands for every other. */
  readonly buckets: ReadonlyMap<string, BucketEndpoint>;
  /** Of HTTP endpoints and Splunk, by `host` or `host:port`. */
  readonly hosts: ReadonlyMap<string, Endpoint>;
  /** Of Elasticsearch and OpenSearch, by ARN, or by the host of ClusterEndpoint. */
  readonly domains: ReadonlyMap<string, DomainEndpoint>;
  /** By the host, or `host:port`, of ClusterJDBCURL. */
  readonly databases: ReadonlyMap<string, DatabaseEndpoint>;
  /** By ARN; `*` stands for every other. */
  readonly functions: ReadonlyMap<string, FunctionEndpoint>;
};

export const NO_ENDPOINTS: Endpoints = Object.freeze({
  buckets: new Map(),
  hosts: new Map(),
  domains: new Map(),
  databases: new Map(),
  functions: new Map(),
});

const HTTP = ['http:', 'https:'];
const POSTGRES = ['postgres:', 'postgresql:'];

/** `readFile` reads certificate authorities too, whose names are relative to `file`. Throws `UsageError`, which names the file and the place in it. */
export function parseEndpoints(text: string, file: string, readFile: (path: string) => string): Endpoints {
  const root = createReader(text, file);
  const common = (member: ObjectReader, protocols: readonly string[]): Endpoint => ({
    url: urlOf(member, protocols),
    certificateAuthority: authorityOf(member, path.dirname(file), readFile),
  });
  const region = (member: ObjectReader): string =>
    member.string('region', /^[a-z0-9-]{1,32}$/, 'a region such as us-east-1') ?? 'us-east-1';
  const endpoints: Endpoints = {
    buckets: root.entries(
      'buckets',
      /^(\*|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/,
      'a bucket, or *',
      (member) => ({
        ...common(member, HTTP),
        region: region(member),
        addressing: member.oneOf('addressing', ['path', 'virtual-host']) ?? 'path',
        credentials: keysOf(member),
      }),
    ),
    hosts: root.entries('hosts', HOST, 'a host, or host:port', (member) => common(member, HTTP)),
    domains: root.entries('domains', DOMAIN, 'an ARN of a domain, or a host', (member) => ({
      ...common(member, HTTP),
      credentials: keysOrBasic(member),
    })),
    databases: root.entries('databases', HOST, 'a host, or host:port', (member) => ({
      ...common(member, POSTGRES),
      load: member.oneOf('load', ['copy', 'copy-from-stdin']) ?? 'copy',
    })),
    functions: root.entries('functions', FUNCTION, 'an ARN of a function, or *', (member) => ({
      ...common(member, HTTP),
      region: region(member),
      credentials: keysOf(member),
    })),
  };
  root.end();
  return Object.freeze(endpoints);
}

const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/;
const DOMAIN =
  /^(arn:[a-z-]+:(es|aoss):[a-z0-9-]+:\d{12}:(domain|collection)\/[\w.-]+|[A-Za-z0-9][A-Za-z0-9.-]*)$/;
const FUNCTION = /^(\*|arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?)$/;

function urlOf(member: ObjectReader, protocols: readonly string[]): string {
  const expected = `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  const text = member.string('url', /^/, expected) ?? member.fail('url', `is missing: ${expected}`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !protocols.includes(url.protocol))
    return member.fail('url', `must be ${expected}`);
  if (url.username !== '' || url.password !== '') {
    return member.fail('url', 'must not hold credentials');
  }
  if (url.search !== '' || url.hash !== '') return member.fail('url', 'must not have a query or a fragment');
  return text.replace(/\/+$/, '');
}

function authorityOf(
  member: ObjectReader,
  directory: string,
  readFile: (path: string) => string,
): string | undefined {
  const name = member.string('certificateAuthorityFile', /./, 'the name of a PEM file');
  if (name === undefined) return undefined;
  const file = path.resolve(directory, name);
  let content: string;
  try {
    content = readFile(file);
  } catch (error) {
    return member.fail('certificateAuthorityFile', `cannot be read: ${(error as Error).message}`);
  }
  if (!content.includes('-----BEGIN CERTIFICATE-----')) {
    return member.fail('certificateAuthorityFile', `holds no certificate in PEM: ${file}`);
  }
  return content;
}

function keysOf(member: ObjectReader): KeyCredentials | undefined {
  return member.object('credentials', readKeys);
}

function keysOrBasic(member: ObjectReader): KeyCredentials | BasicCredentials | undefined {
  return member.object('credentials', (credentials) =>
    credentials.has('user') || credentials.has('password')
      ? { user: required(credentials, 'user'), password: required(credentials, 'password') }
      : readKeys(credentials),
  );
}

function readKeys(credentials: ObjectReader): KeyCredentials {
  return {
    accessKeyId: required(credentials, 'accessKeyId'),
    secretAccessKey: required(credentials, 'secretAccessKey'),
    sessionToken: credentials.string('sessionToken', /./, 'text'),
  };
}

function required(reader: ObjectReader, name: string): string {
  return reader.string(name, /./, 'text') ?? reader.fail(name, 'is missing');
}

/**
 * Whether an address may be connected to for what no endpoint is configured: a server that others can reach must not be led to its own
 * machine or network. Undefined when every address may, because only this machine can reach the server, listening on `host`.
 */
export function refusedAddresses(host: string): ((ip: string) => boolean) | undefined {
  return isLoopbackHost(host) ? undefined : isForbiddenAddress;
}

export function bucketEndpoint(endpoints: Endpoints, bucket: string): BucketEndpoint | undefined {
  return endpoints.buckets.get(bucket) ?? endpoints.buckets.get('*');
}

/** `arn` with or without a version or alias; one with it is looked for first. */
export function functionEndpoint(endpoints: Endpoints, arn: string): FunctionEndpoint | undefined {
  const unqualified = arn.split(':').slice(0, 7).join(':');
  const { functions } = endpoints;
  return functions.get(arn) ?? functions.get(unqualified) ?? functions.get('*');
}

/** Of `hosts` or `databases`; an entry with the port is looked for first. */
export function hostEndpoint<E extends Endpoint>(
  hosts: ReadonlyMap<string, E>,
  host: string,
  port: number,
): E | undefined {
  const name = host.toLowerCase();
  return hosts.get(`${name}:${port}`) ?? hosts.get(name);
}
