import { list, optional, required, structure, timestamp } from '../../../wire/shape/shape.ts';
import { ApplicationDescription, ApplicationName, ApplicationVersionId, ResourceARN } from '../both.ts';
import { InputDescriptions, InputUpdates } from './inputs.ts';
import { CloudWatchLoggingOptionDescriptions, CloudWatchLoggingOptionUpdates } from './logging.ts';
import { ApplicationCode, ApplicationStatus } from './names.ts';
import { OutputDescriptions, OutputUpdates } from './outputs.ts';
import { ReferenceDataSourceDescriptions, ReferenceDataSourceUpdates } from './reference-data.ts';

export const ApplicationSummary = structure('ApplicationSummary', {
  ApplicationName: required(ApplicationName),
  ApplicationARN: required(ResourceARN),
  ApplicationStatus: required(ApplicationStatus),
});

export const ApplicationDetail = structure('ApplicationDetail', {
  ApplicationName: required(ApplicationName),
  ApplicationDescription: optional(ApplicationDescription),
  ApplicationARN: required(ResourceARN),
  ApplicationStatus: required(ApplicationStatus),
  CreateTimestamp: optional(timestamp()),
  LastUpdateTimestamp: optional(timestamp()),
  InputDescriptions: optional(InputDescriptions),
  OutputDescriptions: optional(OutputDescriptions),
  ReferenceDataSourceDescriptions: optional(ReferenceDataSourceDescriptions),
  CloudWatchLoggingOptionDescriptions: optional(CloudWatchLoggingOptionDescriptions),
  ApplicationCode: optional(ApplicationCode),
  ApplicationVersionId: required(ApplicationVersionId),
});

export const ApplicationSummaries = list(ApplicationSummary);

export const ApplicationUpdate = structure('ApplicationUpdate', {
  InputUpdates: optional(InputUpdates),
  ApplicationCodeUpdate: optional(ApplicationCode),
  OutputUpdates: optional(OutputUpdates),
  ReferenceDataSourceUpdates: optional(ReferenceDataSourceUpdates),
  CloudWatchLoggingOptionUpdates: optional(CloudWatchLoggingOptionUpdates),
});
