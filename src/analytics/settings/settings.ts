/**
 * What is configured of an application, whichever API said it: one version of it. Persisted as JSON (directory/sealed-settings.ts): a member is never
 * renamed or reused. Where the second API has one role for the whole application, the first has one for each resource: both are kept.
 */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { SourceSchema } from '../shapes/v1/record-format.ts';
import type { ApplicationEncryptionConfiguration } from '../shapes/v2/encryption.ts';
import type { FlinkApplicationConfigurationDescription } from '../shapes/v2/flink.ts';
import type { ApplicationMode, RuntimeEnvironment } from '../shapes/v2/names.ts';
import type { VpcConfigurationDescription } from '../shapes/v2/vpc.ts';
import type { ZeppelinApplicationConfigurationDescription } from '../shapes/v2/zeppelin.ts';

export type Runtime = TypeOf<typeof RuntimeEnvironment>;

/** Something that an application uses, and the role that it is used under. */
export type Resource = { readonly arn: string; readonly roleArn?: string | undefined };

export type Schema = TypeOf<typeof SourceSchema>;

export type InputSettings = {
  readonly id: string;
  readonly namePrefix: string;
  readonly source: Resource & { readonly kind: 'stream' | 'delivery-stream' };
  readonly processor?: Resource | undefined;
  /** How many in-application streams its shards are spread over; undefined is one, and is not described. */
  readonly parallelism?: number | undefined;
  readonly schema: Schema;
};

export type OutputSettings = {
  readonly id: string;
  /** Of an in-application stream. */
  readonly name: string;
  readonly destination: Resource & { readonly kind: 'stream' | 'delivery-stream' | 'function' };
  readonly format: 'JSON' | 'CSV';
};

export type ReferenceSettings = {
  readonly id: string;
  readonly tableName: string;
  readonly bucketArn: string;
  readonly fileKey: string;
  readonly roleArn?: string | undefined;
  readonly schema: Schema;
};

export type LoggingSettings = Resource & { readonly id: string };

export type CodeSettings =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  /** `md5` and `bytes` are described, the content is in base64. */
  | { readonly kind: 'zip'; readonly content: string; readonly md5: string; readonly bytes: number }
  | {
      readonly kind: 'object';
      readonly type: 'PLAINTEXT' | 'ZIPFILE';
      readonly bucketArn: string;
      readonly fileKey: string;
      readonly objectVersion?: string | undefined;
    };

export type PropertyGroupSettings = {
  readonly id: string;
  readonly properties: readonly (readonly [key: string, value: string])[];
};

export type Settings = {
  readonly runtime: Runtime;
  readonly mode?: TypeOf<typeof ApplicationMode> | undefined;
  readonly description?: string | undefined;
  /** The second API's ServiceExecutionRole. */
  readonly roleArn?: string | undefined;
  readonly code: CodeSettings;
  readonly inputs: readonly InputSettings[];
  readonly outputs: readonly OutputSettings[];
  readonly references: readonly ReferenceSettings[];
  readonly logging: readonly LoggingSettings[];
  readonly vpcs: readonly TypeOf<typeof VpcConfigurationDescription>[];
  readonly properties: readonly PropertyGroupSettings[];
  readonly flink?: TypeOf<typeof FlinkApplicationConfigurationDescription> | undefined;
  readonly zeppelin?: TypeOf<typeof ZeppelinApplicationConfigurationDescription> | undefined;
  readonly snapshotsEnabled?: boolean | undefined;
  readonly rollbackEnabled?: boolean | undefined;
  readonly encryption?: TypeOf<typeof ApplicationEncryptionConfiguration> | undefined;
};

export const SQL_RUNTIME = 'SQL-1_0';

export function isSql({ runtime }: Pick<Settings, 'runtime'>): boolean {
  return runtime === SQL_RUNTIME;
}

/** The in-application streams of an input. */
export function streamNames({ namePrefix, parallelism = 1 }: InputSettings): readonly string[] {
  return Array.from({ length: parallelism }, (_, at) => `${namePrefix}_${String(at + 1).padStart(3, '0')}`);
}
