/** Every client suite, in the order in which they start: those that wait long first. */
import { logFile } from './aws-cli/log-file.ts';
import { awsCliSuite } from './aws-cli/suite.ts';
import { boto3 } from './boto3/suite.ts';
import { firehose } from './firehose/suite.ts';
import { go } from './go/suite.ts';
import { java } from './java/suite.ts';
import { js } from './js/suite.ts';
import { kclFanOut, kclPolling } from './kcl/suite.ts';
import { kclpy } from './kclpy/suite.ts';
import { kpl } from './kpl/suite.ts';
import type { Suite } from './suite.ts';

export const SUITES: readonly Suite[] = [
  kclPolling,
  kclFanOut,
  kclpy,
  kpl,
  logFile,
  awsCliSuite,
  js,
  boto3,
  firehose,
  go,
  java,
];
