import { enumeration, string } from '../../../wire/shape/shape.ts';

export const RoleARN = string({
  min: 1,
  max: 2048,
  pattern: 'arn:aws:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
});

export const InAppStreamName = string({ min: 1, max: 32 });

export const RecordRowPath = string({ min: 1 });

export const RecordRowDelimiter = string({ min: 1 });

export const RecordColumnDelimiter = string({ min: 1 });

export const RecordEncoding = string({ pattern: 'UTF-8' });

export const RecordColumnSqlType = string({ min: 1 });

export const ApplicationCode = string({ min: 0, max: 102400 });

export const ApplicationStatus = enumeration(
  'DELETING',
  'STARTING',
  'STOPPING',
  'READY',
  'RUNNING',
  'UPDATING',
);

export const KinesisAnalyticsARN = string({
  min: 1,
  max: 2048,
  pattern: 'arn:aws:kinesisanalytics:[a-z]{2}-[a-z]+-\\d{1}+:\\d{12}+:application/[a-zA-Z0-9_.-]{1,128}',
});
