/** Both services of Analytics: every operation with its handler. One that is missing does not compile. */
import type { Service } from '../wire/shape/operation.ts';
import type { Discover } from './discovering/discover.ts';
import { operationsV1, operationsV2 } from './operations.ts';
import {
  addApplicationCloudWatchLoggingOptionV1,
  addApplicationCloudWatchLoggingOptionV2,
} from './operations/add-application-cloud-watch-logging-option.ts';
import {
  addApplicationInputProcessingConfigurationV1,
  addApplicationInputProcessingConfigurationV2,
} from './operations/add-application-input-processing-configuration.ts';
import { addApplicationInputV1, addApplicationInputV2 } from './operations/add-application-input.ts';
import { addApplicationOutputV1, addApplicationOutputV2 } from './operations/add-application-output.ts';
import {
  addApplicationReferenceDataSourceV1,
  addApplicationReferenceDataSourceV2,
} from './operations/add-application-reference-data-source.ts';
import { addApplicationVpcConfigurationV2 } from './operations/add-application-vpc-configuration.ts';
import { createApplicationPresignedUrlV2 } from './operations/create-application-presigned-url.ts';
import { createApplicationSnapshotV2 } from './operations/create-application-snapshot.ts';
import { createApplicationV1, createApplicationV2 } from './operations/create-application.ts';
import {
  deleteApplicationCloudWatchLoggingOptionV1,
  deleteApplicationCloudWatchLoggingOptionV2,
} from './operations/delete-application-cloud-watch-logging-option.ts';
import {
  deleteApplicationInputProcessingConfigurationV1,
  deleteApplicationInputProcessingConfigurationV2,
} from './operations/delete-application-input-processing-configuration.ts';
import {
  deleteApplicationOutputV1,
  deleteApplicationOutputV2,
} from './operations/delete-application-output.ts';
import {
  deleteApplicationReferenceDataSourceV1,
  deleteApplicationReferenceDataSourceV2,
} from './operations/delete-application-reference-data-source.ts';
import { deleteApplicationSnapshotV2 } from './operations/delete-application-snapshot.ts';
import { deleteApplicationVpcConfigurationV2 } from './operations/delete-application-vpc-configuration.ts';
import { deleteApplicationV1, deleteApplicationV2 } from './operations/delete-application.ts';
import { describeApplicationOperationV2 } from './operations/describe-application-operation.ts';
import { describeApplicationSnapshotV2 } from './operations/describe-application-snapshot.ts';
import { describeApplicationVersionV2 } from './operations/describe-application-version.ts';
import { describeApplicationV1, describeApplicationV2 } from './operations/describe-application.ts';
import { discoverInputSchemaV1, discoverInputSchemaV2 } from './operations/discover-input-schema.ts';
import { listApplicationOperationsV2 } from './operations/list-application-operations.ts';
import { listApplicationSnapshotsV2 } from './operations/list-application-snapshots.ts';
import { listApplicationVersionsV2 } from './operations/list-application-versions.ts';
import { listApplicationsV1, listApplicationsV2 } from './operations/list-applications.ts';
import { listTagsForResourceV1, listTagsForResourceV2 } from './operations/list-tags-for-resource.ts';
import { rollbackApplicationV2 } from './operations/rollback-application.ts';
import { startApplicationV1, startApplicationV2 } from './operations/start-application.ts';
import { stopApplicationV1, stopApplicationV2 } from './operations/stop-application.ts';
import { tagResourceV1, tagResourceV2 } from './operations/tag-resource.ts';
import { untagResourceV1, untagResourceV2 } from './operations/untag-resource.ts';
import { updateApplicationMaintenanceConfigurationV2 } from './operations/update-application-maintenance-configuration.ts';
import { updateApplicationV1, updateApplicationV2 } from './operations/update-application.ts';
import type { OperationParts } from './operations/parts.ts';

type ServiceV1 = Service<typeof operationsV1>;
type ServiceV2 = Service<typeof operationsV2>;

export type AnalyticsServices = { readonly v1: ServiceV1; readonly v2: ServiceV2 };

type ServiceParts = OperationParts & { readonly discover: Discover };

export function analyticsServices(parts: ServiceParts): AnalyticsServices {
  return { v1: serviceV1(parts), v2: serviceV2(parts) };
}

function serviceV1(parts: ServiceParts): ServiceV1 {
  return {
    targetPrefix: 'KinesisAnalytics_20150814',
    signingName: 'kinesisanalytics',
    operations: operationsV1,
    handlers: {
      AddApplicationCloudWatchLoggingOption: addApplicationCloudWatchLoggingOptionV1(parts),
      AddApplicationInput: addApplicationInputV1(parts),
      AddApplicationInputProcessingConfiguration: addApplicationInputProcessingConfigurationV1(parts),
      AddApplicationOutput: addApplicationOutputV1(parts),
      AddApplicationReferenceDataSource: addApplicationReferenceDataSourceV1(parts),
      CreateApplication: createApplicationV1(parts),
      DeleteApplication: deleteApplicationV1(parts),
      DeleteApplicationCloudWatchLoggingOption: deleteApplicationCloudWatchLoggingOptionV1(parts),
      DeleteApplicationInputProcessingConfiguration: deleteApplicationInputProcessingConfigurationV1(parts),
      DeleteApplicationOutput: deleteApplicationOutputV1(parts),
      DeleteApplicationReferenceDataSource: deleteApplicationReferenceDataSourceV1(parts),
      DescribeApplication: describeApplicationV1(parts),
      DiscoverInputSchema: discoverInputSchemaV1(parts),
      ListApplications: listApplicationsV1(parts),
      ListTagsForResource: listTagsForResourceV1(parts),
      StartApplication: startApplicationV1(parts),
      StopApplication: stopApplicationV1(parts),
      TagResource: tagResourceV1(parts),
      UntagResource: untagResourceV1(parts),
      UpdateApplication: updateApplicationV1(parts),
    },
  };
}

function serviceV2(parts: ServiceParts): ServiceV2 {
  return {
    targetPrefix: 'KinesisAnalytics_20180523',
    signingName: 'kinesisanalytics',
    operations: operationsV2,
    handlers: {
      AddApplicationCloudWatchLoggingOption: addApplicationCloudWatchLoggingOptionV2(parts),
      AddApplicationInput: addApplicationInputV2(parts),
      AddApplicationInputProcessingConfiguration: addApplicationInputProcessingConfigurationV2(parts),
      AddApplicationOutput: addApplicationOutputV2(parts),
      AddApplicationReferenceDataSource: addApplicationReferenceDataSourceV2(parts),
      AddApplicationVpcConfiguration: addApplicationVpcConfigurationV2(parts),
      CreateApplication: createApplicationV2(parts),
      CreateApplicationPresignedUrl: createApplicationPresignedUrlV2(parts),
      CreateApplicationSnapshot: createApplicationSnapshotV2(parts),
      DeleteApplication: deleteApplicationV2(parts),
      DeleteApplicationCloudWatchLoggingOption: deleteApplicationCloudWatchLoggingOptionV2(parts),
      DeleteApplicationInputProcessingConfiguration: deleteApplicationInputProcessingConfigurationV2(parts),
      DeleteApplicationOutput: deleteApplicationOutputV2(parts),
      DeleteApplicationReferenceDataSource: deleteApplicationReferenceDataSourceV2(parts),
      DeleteApplicationSnapshot: deleteApplicationSnapshotV2(parts),
      DeleteApplicationVpcConfiguration: deleteApplicationVpcConfigurationV2(parts),
      DescribeApplication: describeApplicationV2(parts),
      DescribeApplicationOperation: describeApplicationOperationV2(parts),
      DescribeApplicationSnapshot: describeApplicationSnapshotV2(parts),
      DescribeApplicationVersion: describeApplicationVersionV2(parts),
      DiscoverInputSchema: discoverInputSchemaV2(parts),
      ListApplicationOperations: listApplicationOperationsV2(parts),
      ListApplicationSnapshots: listApplicationSnapshotsV2(parts),
      ListApplicationVersions: listApplicationVersionsV2(parts),
      ListApplications: listApplicationsV2(parts),
      ListTagsForResource: listTagsForResourceV2(parts),
      RollbackApplication: rollbackApplicationV2(parts),
      StartApplication: startApplicationV2(parts),
      StopApplication: stopApplicationV2(parts),
      TagResource: tagResourceV2(parts),
      UntagResource: untagResourceV2(parts),
      UpdateApplication: updateApplicationV2(parts),
      UpdateApplicationMaintenanceConfiguration: updateApplicationMaintenanceConfigurationV2(parts),
    },
  };
}
