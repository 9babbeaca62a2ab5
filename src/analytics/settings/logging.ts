/** Where an application's messages go in CloudWatch Logs: kept and described, and not written to (decision 0601). */
import type { TypeOf } from '../../wire/shape/shape.ts';
import type { CloudWatchLoggingOption, CloudWatchLoggingOptionUpdate } from '../shapes/v1/logging.ts';
import type {
  CloudWatchLoggingOption as CloudWatchLoggingOptionV2,
  CloudWatchLoggingOptionUpdate as CloudWatchLoggingOptionUpdateV2,
} from '../shapes/v2/logging.ts';
import type { LoggingSettings } from './settings.ts';

export function readLogging(
  id: string,
  option: TypeOf<typeof CloudWatchLoggingOption> | TypeOf<typeof CloudWatchLoggingOptionV2>,
): LoggingSettings {
  return { id, arn: option.LogStreamARN, roleArn: 'RoleARN' in option ? option.RoleARN : undefined };
}

export function updateLogging(
  now: LoggingSettings,
  update: TypeOf<typeof CloudWatchLoggingOptionUpdate> | TypeOf<typeof CloudWatchLoggingOptionUpdateV2>,
): LoggingSettings {
  const role = 'RoleARNUpdate' in update ? update.RoleARNUpdate : undefined;
  return { id: now.id, arn: update.LogStreamARNUpdate ?? now.arn, roleArn: role ?? now.roleArn };
}

export function describeLogging({ id, arn, roleArn }: LoggingSettings, role: string | undefined) {
  return {
    CloudWatchLoggingOptionId: id,
    LogStreamARN: arn,
    // As of a reference's role.
    RoleARN: (roleArn ?? role)!,
  };
}
