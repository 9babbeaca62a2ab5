/** The code of an application: a program's text, or for Flink an archive. */
import { createHash } from 'node:crypto';
import type { TypeOf } from '../../wire/shape/shape.ts';
import { invalidArgument } from '../directory/application-errors.ts';
import type {
  ApplicationCodeConfiguration,
  ApplicationCodeConfigurationDescription,
  ApplicationCodeConfigurationUpdate,
} from '../shapes/v2/code.ts';
import type { CodeSettings } from './settings.ts';

/** Throws InvalidArgumentException unless exactly one content is given. */
export function readCode(code: TypeOf<typeof ApplicationCodeConfiguration> | undefined): CodeSettings {
  if (code === undefined) return { kind: 'none' };
  const { TextContent: text, ZipFileContent: zip, S3ContentLocation: object } = code.CodeContent ?? {};
  const given = [text, zip, object].filter((content) => content !== undefined);
  if (given.length === 0) return { kind: 'none' };
  if (given.length > 1) {
    throw invalidArgument('Exactly one of TextContent, ZipFileContent and S3ContentLocation must be given.');
  }
  if (object !== undefined) {
    const { BucketARN: bucketArn, FileKey: fileKey, ObjectVersion: objectVersion } = object;
    return { kind: 'object', type: code.CodeContentType, bucketArn, fileKey, objectVersion };
  }
  if (text !== undefined) {
    if (code.CodeContentType !== 'PLAINTEXT')
      throw invalidArgument('TextContent is of CodeContentType PLAINTEXT.');
    return { kind: 'text', text };
  }
  if (code.CodeContentType !== 'ZIPFILE')
    throw invalidArgument('ZipFileContent is of CodeContentType ZIPFILE.');
  return zipOf(zip!);
}

function zipOf(content: Uint8Array): CodeSettings {
  return {
    kind: 'zip',
    content: Buffer.from(content).toString('base64'),
    md5: createHash('md5').update(content).digest('base64'),
    bytes: content.length,
  };
}

/** Throws InvalidArgumentException. */
export function updateCode(
  now: CodeSettings,
  update: TypeOf<typeof ApplicationCodeConfigurationUpdate> | undefined,
): CodeSettings {
  const content = update?.CodeContentUpdate;
  if (content === undefined) return now;
  const { TextContentUpdate: text, ZipFileContentUpdate: zip, S3ContentLocationUpdate: object } = content;
  const given = [text, zip, object].filter((one) => one !== undefined);
  if (given.length > 1) throw invalidArgument('An update of the code may give one content at most.');
  if (text !== undefined) return { kind: 'text', text };
  if (zip !== undefined) return zipOf(zip);
  if (object === undefined) return now;
  const before = now.kind === 'object' ? now : undefined;
  const bucketArn = object.BucketARNUpdate ?? before?.bucketArn;
  const fileKey = object.FileKeyUpdate ?? before?.fileKey;
  if (bucketArn === undefined || fileKey === undefined) {
    throw invalidArgument(
      'BucketARNUpdate and FileKeyUpdate are needed where the code was no object before.',
    );
  }
  return {
    kind: 'object',
    type: update?.CodeContentTypeUpdate ?? before?.type ?? 'ZIPFILE',
    bucketArn,
    fileKey,
    objectVersion: object.ObjectVersionUpdate ?? before?.objectVersion,
  };
}

export function describeCode(
  code: CodeSettings,
): TypeOf<typeof ApplicationCodeConfigurationDescription> | undefined {
  switch (code.kind) {
    case 'none':
      return undefined;
    case 'text':
      return { CodeContentType: 'PLAINTEXT', CodeContentDescription: { TextContent: code.text } };
    case 'zip':
      return {
        CodeContentType: 'ZIPFILE',
        CodeContentDescription: { CodeMD5: code.md5, CodeSize: code.bytes },
      };
    case 'object':
      return {
        CodeContentType: code.type,
        CodeContentDescription: {
          S3ApplicationCodeLocationDescription: {
            BucketARN: code.bucketArn,
            FileKey: code.fileKey,
            ObjectVersion: code.objectVersion,
          },
        },
      };
  }
}
