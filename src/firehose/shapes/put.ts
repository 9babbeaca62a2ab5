/** Records and what putting them answers. */
import { blob, optional, packedList, required, string, structure } from '../../wire/shape/shape.ts';

export const Data = blob({ min: 0, max: 1024000 });

export const ErrorCode = string();

export const ErrorMessage = string();

export const Record = structure('Record', {
  Data: required(Data),
});

export const PutRecordBatchRequestEntryList = packedList(Record, { min: 1, max: 500 });

export const PutResponseRecordId = string({ min: 1 });

export const PutRecordBatchResponseEntry = structure('PutRecordBatchResponseEntry', {
  RecordId: optional(PutResponseRecordId),
  ErrorCode: optional(ErrorCode),
  ErrorMessage: optional(ErrorMessage),
});

export const PutRecordBatchResponseEntryList = packedList(PutRecordBatchResponseEntry, { min: 1, max: 500 });
