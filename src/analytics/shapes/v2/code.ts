import { optional, required, structure } from '../../../wire/shape/shape.ts';
import { BucketARN, FileKey } from '../both.ts';
import {
  BasePath,
  CodeContentType,
  CodeMD5,
  CodeSize,
  ObjectVersion,
  TextContent,
  ZipFileContent,
} from './names.ts';

export const S3ContentLocation = structure('S3ContentLocation', {
  BucketARN: required(BucketARN),
  FileKey: required(FileKey),
  ObjectVersion: optional(ObjectVersion),
});

export const CodeContent = structure('CodeContent', {
  TextContent: optional(TextContent),
  ZipFileContent: optional(ZipFileContent),
  S3ContentLocation: optional(S3ContentLocation),
});

export const ApplicationCodeConfiguration = structure('ApplicationCodeConfiguration', {
  CodeContent: optional(CodeContent),
  CodeContentType: required(CodeContentType),
});

export const S3ContentBaseLocation = structure('S3ContentBaseLocation', {
  BucketARN: required(BucketARN),
  BasePath: optional(BasePath),
});

export const S3ApplicationCodeLocationDescription = structure('S3ApplicationCodeLocationDescription', {
  BucketARN: required(BucketARN),
  FileKey: required(FileKey),
  ObjectVersion: optional(ObjectVersion),
});

export const CodeContentDescription = structure('CodeContentDescription', {
  TextContent: optional(TextContent),
  CodeMD5: optional(CodeMD5),
  CodeSize: optional(CodeSize),
  S3ApplicationCodeLocationDescription: optional(S3ApplicationCodeLocationDescription),
});

export const ApplicationCodeConfigurationDescription = structure('ApplicationCodeConfigurationDescription', {
  CodeContentType: required(CodeContentType),
  CodeContentDescription: optional(CodeContentDescription),
});

export const S3ContentBaseLocationDescription = structure('S3ContentBaseLocationDescription', {
  BucketARN: required(BucketARN),
  BasePath: optional(BasePath),
});

export const S3ContentLocationUpdate = structure('S3ContentLocationUpdate', {
  BucketARNUpdate: optional(BucketARN),
  FileKeyUpdate: optional(FileKey),
  ObjectVersionUpdate: optional(ObjectVersion),
});

export const CodeContentUpdate = structure('CodeContentUpdate', {
  TextContentUpdate: optional(TextContent),
  ZipFileContentUpdate: optional(ZipFileContent),
  S3ContentLocationUpdate: optional(S3ContentLocationUpdate),
});

export const ApplicationCodeConfigurationUpdate = structure('ApplicationCodeConfigurationUpdate', {
  CodeContentTypeUpdate: optional(CodeContentType),
  CodeContentUpdate: optional(CodeContentUpdate),
});

export const S3ContentBaseLocationUpdate = structure('S3ContentBaseLocationUpdate', {
  BucketARNUpdate: optional(BucketARN),
  BasePathUpdate: optional(BasePath),
});
