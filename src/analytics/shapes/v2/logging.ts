import { list, optional, required, structure } from '../../../wire/shape/shape.ts';
import { Id, LogStreamARN } from '../both.ts';
import { RoleARN } from './names.ts';

export const CloudWatchLoggingOption = structure('CloudWatchLoggingOption', {
  LogStreamARN: required(LogStreamARN),
});

export const CloudWatchLoggingOptionDescription = structure('CloudWatchLoggingOptionDescription', {
  CloudWatchLoggingOptionId: optional(Id),
  LogStreamARN: required(LogStreamARN),
  RoleARN: optional(RoleARN),
});

export const CloudWatchLoggingOptionDescriptions = list(CloudWatchLoggingOptionDescription);

export const CloudWatchLoggingOptions = list(CloudWatchLoggingOption);

export const CloudWatchLoggingOptionUpdate = structure('CloudWatchLoggingOptionUpdate', {
  CloudWatchLoggingOptionId: required(Id),
  LogStreamARNUpdate: optional(LogStreamARN),
});

export const CloudWatchLoggingOptionUpdates = list(CloudWatchLoggingOptionUpdate);
