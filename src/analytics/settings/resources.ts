/** The resources that inputs and outputs name: exactly one of those that the API has a member for. */
import { invalidArgument } from '../directory/application-errors.ts';
import type { Resource } from './settings.ts';

type Named = { readonly ResourceARN: string; readonly RoleARN?: string | undefined };

export function resourceOf({ ResourceARN, RoleARN }: Named): Resource {
  return { arn: ResourceARN, roleArn: RoleARN };
}

const SERVICES = {
  stream: 'kinesis',
  'delivery-stream': 'firehose',
  function: 'lambda',
} as const;

type Kind = keyof typeof SERVICES;

/** `given` by kind. Throws InvalidArgumentException unless there is exactly one, and its ARN is of that service. */
export function onlyResource<K extends Kind>(
  where: string,
  given: { readonly [P in K]: Named | undefined },
): Resource & { readonly kind: K } {
  const named = Object.entries(given).filter(([, resource]) => resource !== undefined) as [K, Named][];
  const [only] = named;
  if (only === undefined || named.length > 1) {
    throw invalidArgument(`${where} must name exactly one resource, and names ${named.length}.`);
  }
  const [kind, resource] = only;
  return { kind, ...checked(kind, resource) };
}

/** Throws InvalidArgumentException for the ARN of something else. */
export function checked(kind: Kind, resource: Named): Resource {
  const [arn, , service] = resource.ResourceARN.split(':');
  if (arn !== 'arn' || service !== SERVICES[kind]) {
    throw invalidArgument(`${resource.ResourceARN} is not the ARN of a ${kind.replace('-', ' ')}.`);
  }
  return resourceOf(resource);
}

type Update = {
  readonly ResourceARNUpdate?: string | undefined;
  readonly RoleARNUpdate?: string | undefined;
};

/** The resource with what the updates say of it; one of another kind takes its place. Throws InvalidArgumentException. */
export function updatedResource<K extends Kind>(
  now: Resource & { readonly kind: K },
  updates: { readonly [P in K]: Update | undefined },
): Resource & { readonly kind: K } {
  const named = Object.entries(updates).filter(([, update]) => update !== undefined) as [K, Update][];
  const [only] = named;
  if (only === undefined) return now;
  if (named.length > 1) throw invalidArgument('An update may name one resource at most.');
  const [kind, { ResourceARNUpdate: arn, RoleARNUpdate: role }] = only;
  if (arn === undefined && kind !== now.kind) throw invalidArgument('ResourceARNUpdate is missing.');
  return { kind, ...checked(kind, { ResourceARN: arn ?? now.arn, RoleARN: role ?? now.roleArn }) };
}

/** As it is described; the first API always has a role, which is the application's where the resource has none of its own. */
export function describeResource<K extends string, P extends K>(
  { kind, arn, roleArn }: Resource & { readonly kind: K },
  wanted: P,
  applicationRole: string | undefined,
): { readonly ResourceARN: string; readonly RoleARN: string | undefined } | undefined {
  return kind === wanted ? { ResourceARN: arn, RoleARN: roleArn ?? applicationRole } : undefined;
}
