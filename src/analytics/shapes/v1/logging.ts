import { list, optional, required, structure } from '../../../wire/shape/shape.ts';
import { Id, LogStreamARN } from '../both.ts';
import { RoleARN } from './names.ts';

export const CloudWatchLoggingOption = structure('CloudWatchLoggingOption', {
  LogStreamARN: required(LogStreamARN),
  RoleARN: required(RoleARN),
});

export const CloudWatchLoggingOptions = list(CloudWatchLoggingOption);

export const CloudWatchLoggingOptionDescription = structure('CloudWatchLoggingOptionDescription', {
  CloudWatchLoggingOptionId: optional(Id),
  LogStreamARN: required(LogStreamARN),
  RoleARN: required(RoleARN),
});

export const CloudWatchLoggingOptionDescriptions = list(CloudWatchLoggingOptionDescription);

export const CloudWatchLoggingOptionUpdate = structure('CloudWatchLoggingOptionUpdate', {
  CloudWatchLoggingOptionId: required(Id),
  LogStreamARNUpdate: optional(LogStreamARN),
  RoleARNUpdate: optional(RoleARN),
});

export const CloudWatchLoggingOptionUpdates = list(CloudWatchLoggingOptionUpdate);
