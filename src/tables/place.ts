/** Which catalog a call is about, and the ARNs that it touches. */
import { awsPartition } from '../base/aws-partition.ts';
import type { Call } from '../wire/shape/operation.ts';
import { ServiceError } from '../wire/shape/service-error.ts';

/** A catalog is an account's in a region. */
export type CatalogPlace = { readonly catalog_id: string; readonly region: string };

/** Throws AccessDeniedException for another account's: nothing is shared between accounts here. */
export function placeOf(input: { readonly CatalogId?: string | undefined }, call: Call): CatalogPlace {
  const { account } = call.caller;
  if (input.CatalogId !== undefined && input.CatalogId !== account) {
    throw new ServiceError(
      'AccessDeniedException',
      `Catalog ${input.CatalogId} is of another account than ${account}, and catalogs are not shared.`,
    );
  }
  return { catalog_id: account, region: call.region };
}

/** "For Hive compatibility, this name is entirely lowercase" (model), whatever the caller wrote. */
export function folded(name: string): string {
  return name.toLowerCase();
}

type Named = { readonly CatalogId?: string | undefined };

function arn({ CatalogId }: Named, call: Call, resource: string): string {
  const { region } = call;
  return `arn:${awsPartition(region)}:glue:${region}:${CatalogId ?? call.caller.account}:${resource}`;
}

/** The catalog and the database: Glue asks about each level. */
export function databaseArns(input: Named, call: Call, database: string): readonly string[] {
  return [arn(input, call, 'catalog'), arn(input, call, `database/${folded(database)}`)];
}

export function tableArns(input: Named, call: Call, database: string, table: string): readonly string[] {
  return [
    ...databaseArns(input, call, database),
    arn(input, call, `table/${folded(database)}/${folded(table)}`),
  ];
}
