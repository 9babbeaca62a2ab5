/** In what Elasticsearch, OpenSearch and OpenSearch Serverless differ as destinations. */
import type { ErrorOutputType } from '../../object-keys/object-key.ts';
import type { Domain } from './domain.ts';
import { createIndexNaming } from './index-name.ts';
import type { SearchSettings } from './search-destination.ts';

export type SearchKind = {
  /** The domain's ARN, or the URL of its endpoint. */
  readonly address: string;
  readonly scope: Domain['scope'];
  readonly indexOf: (arrivalMs: number) => string;
  readonly type: string | undefined;
  /** Whether documents get ids of ours, so that one that is sent twice is there once. */
  readonly givesIds: boolean;
  readonly retrySeconds: number;
  readonly errorOutputType: ErrorOutputType;
  readonly errorMembers: (id: string | null, index: string) => Readonly<Record<string, unknown>>;
};

export function kindOf({ kind, settings }: SearchSettings, region: string): SearchKind {
  const retrySeconds = settings.RetryOptions.DurationInSeconds;
  if (kind === 'AmazonOpenSearchServerless') {
    return {
      address: settings.CollectionEndpoint,
      scope: { region, service: 'aoss' },
      indexOf: createIndexNaming(settings.IndexName, 'NoRotation'),
      type: undefined,
      givesIds: true,
      retrySeconds,
      errorOutputType: 'AmazonOpenSearchServerless-failed',
      errorMembers: (osDocumentId, osIndexName) => ({ osDocumentId, osIndexName }),
    };
  }
  const { DomainARN, ClusterEndpoint, TypeName } = settings;
  return {
    address: DomainARN ?? ClusterEndpoint ?? '',
    // arn:aws:es:REGION:…
    scope: { region: DomainARN?.split(':')[3] ?? region, service: 'es' },
    indexOf: createIndexNaming(settings.IndexName, settings.IndexRotationPeriod),
    type: TypeName || undefined,
    givesIds: settings.DocumentIdOptions?.DefaultDocumentIdFormat !== 'NO_DOCUMENT_ID',
    retrySeconds,
    errorOutputType: kind === 'Elasticsearch' ? 'elasticsearch-failed' : 'AmazonOpenSearchService-failed',
    errorMembers: (esDocumentId, esIndexName) => ({ esDocumentId, esIndexName, esTypeName: TypeName ?? '' }),
  };
}
