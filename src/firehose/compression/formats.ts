/**
 * CompressionFormat, as the service delivers it (observed; the guide says `.hsnappy` for HADOOP_SNAPPY). Objects are
 * application/octet-stream whatever the format, and FileExtension replaces the extension only.
 */
export type CompressionFormat = 'UNCOMPRESSED' | 'GZIP' | 'ZIP' | 'Snappy' | 'HADOOP_SNAPPY';

export const COMPRESSION_FORMATS: Readonly<
  Record<CompressionFormat, { readonly extension: string; readonly contentEncoding: string | undefined }>
> = Object.freeze({
  UNCOMPRESSED: { extension: '', contentEncoding: undefined },
  GZIP: { extension: '.gz', contentEncoding: 'gzip' },
  ZIP: { extension: '.zip', contentEncoding: 'zip' },
  Snappy: { extension: '.snappy', contentEncoding: 'snappy-java' },
  HADOOP_SNAPPY: { extension: '.snappy', contentEncoding: 'hadoop-snappy' },
});
