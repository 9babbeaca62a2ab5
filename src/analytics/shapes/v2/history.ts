import { list, optional, required, structure, timestamp } from '../../../wire/shape/shape.ts';
import { ApplicationVersionId } from '../both.ts';
import { ApplicationStatus, ErrorString, Operation, OperationId, OperationStatus } from './names.ts';

export const ApplicationVersionChangeDetails = structure('ApplicationVersionChangeDetails', {
  ApplicationVersionUpdatedFrom: required(ApplicationVersionId),
  ApplicationVersionUpdatedTo: required(ApplicationVersionId),
});

export const ErrorInfo = structure('ErrorInfo', { ErrorString: optional(ErrorString) });

export const OperationFailureDetails = structure('OperationFailureDetails', {
  RollbackOperationId: optional(OperationId),
  ErrorInfo: optional(ErrorInfo),
});

export const ApplicationOperationInfoDetails = structure('ApplicationOperationInfoDetails', {
  Operation: required(Operation),
  StartTime: required(timestamp()),
  EndTime: required(timestamp()),
  OperationStatus: required(OperationStatus),
  ApplicationVersionChangeDetails: optional(ApplicationVersionChangeDetails),
  OperationFailureDetails: optional(OperationFailureDetails),
});

export const ApplicationOperationInfo = structure('ApplicationOperationInfo', {
  Operation: optional(Operation),
  OperationId: optional(OperationId),
  StartTime: optional(timestamp()),
  EndTime: optional(timestamp()),
  OperationStatus: optional(OperationStatus),
});

export const ApplicationOperationInfoList = list(ApplicationOperationInfo);

export const ApplicationVersionSummary = structure('ApplicationVersionSummary', {
  ApplicationVersionId: required(ApplicationVersionId),
  ApplicationStatus: required(ApplicationStatus),
});

export const ApplicationVersionSummaries = list(ApplicationVersionSummary);
