/** Source: "AWS Glue endpoints and quotas", AWS General Reference. They bound the catalog, whatever `--limits` says. */
export const DATABASES_PER_CATALOG = 10_000;
export const TABLES_PER_DATABASE = 200_000;
export const VERSIONS_PER_TABLE = 100_000;
