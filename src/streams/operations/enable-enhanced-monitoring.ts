import type { ChangeParts } from '../directory/change-stream.ts';
import { changeMonitoring } from '../settings/monitoring.ts';
import { operation, type Handler } from '../../wire/shape/operation.ts';
import { optional, required, structure } from '../../wire/shape/shape.ts';
import { streamResource } from '../directory/resources.ts';
import { MetricsNameList, StreamARN, StreamId, StreamName } from '../shapes.ts';

export const EnableEnhancedMonitoring = operation({
  name: 'EnableEnhancedMonitoring',
  action: 'kinesis:EnableEnhancedMonitoring',
  resources: streamResource,
  input: structure('EnableEnhancedMonitoringInput', {
    StreamName: optional(StreamName),
    ShardLevelMetrics: required(MetricsNameList),
    StreamARN: optional(StreamARN),
    StreamId: optional(StreamId),
  }),
  output: structure('EnhancedMonitoringOutput', {
    StreamName: optional(StreamName),
    CurrentShardLevelMetrics: optional(MetricsNameList),
    DesiredShardLevelMetrics: optional(MetricsNameList),
    StreamARN: optional(StreamARN),
  }),
  errors: [
    'InvalidArgumentException',
    'LimitExceededException',
    'ResourceInUseException',
    'ResourceNotFoundException',
    'AccessDeniedException',
  ],
});

export function enableEnhancedMonitoring(parts: ChangeParts): Handler<typeof EnableEnhancedMonitoring> {
  return (input, call) =>
    changeMonitoring(parts, input, call, (current, named) => [...new Set([...current, ...named])].sort());
}
