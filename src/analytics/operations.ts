/** Every operation of `KinesisAnalytics_20150814`, which knows SQL only, and of `KinesisAnalytics_20180523`. */
import {
  AddApplicationCloudWatchLoggingOptionV1,
  AddApplicationCloudWatchLoggingOptionV2,
} from './operations/add-application-cloud-watch-logging-option.ts';
import {
  AddApplicationInputProcessingConfigurationV1,
  AddApplicationInputProcessingConfigurationV2,
} from './operations/add-application-input-processing-configuration.ts';
import { AddApplicationInputV1, AddApplicationInputV2 } from './operations/add-application-input.ts';
import { AddApplicationOutputV1, AddApplicationOutputV2 } from './operations/add-application-output.ts';
import {
  AddApplicationReferenceDataSourceV1,
  AddApplicationReferenceDataSourceV2,
} from './operations/add-application-reference-data-source.ts';
import { AddApplicationVpcConfigurationV2 } from './operations/add-application-vpc-configuration.ts';
import { CreateApplicationPresignedUrlV2 } from './operations/create-application-presigned-url.ts';
import { CreateApplicationSnapshotV2 } from './operations/create-application-snapshot.ts';
import { CreateApplicationV1, CreateApplicationV2 } from './operations/create-application.ts';
import {
  DeleteApplicationCloudWatchLoggingOptionV1,
  DeleteApplicationCloudWatchLoggingOptionV2,
} from './operations/delete-application-cloud-watch-logging-option.ts';
import {
  DeleteApplicationInputProcessingConfigurationV1,
  DeleteApplicationInputProcessingConfigurationV2,
} from './operations/delete-application-input-processing-configuration.ts';
import {
  DeleteApplicationOutputV1,
  DeleteApplicationOutputV2,
} from './operations/delete-application-output.ts';
import {
  DeleteApplicationReferenceDataSourceV1,
  DeleteApplicationReferenceDataSourceV2,
} from './operations/delete-application-reference-data-source.ts';
import { DeleteApplicationSnapshotV2 } from './operations/delete-application-snapshot.ts';
import { DeleteApplicationVpcConfigurationV2 } from './operations/delete-application-vpc-configuration.ts';
import { DeleteApplicationV1, DeleteApplicationV2 } from './operations/delete-application.ts';
import { DescribeApplicationOperationV2 } from './operations/describe-application-operation.ts';
import { DescribeApplicationSnapshotV2 } from './operations/describe-application-snapshot.ts';
import { DescribeApplicationVersionV2 } from './operations/describe-application-version.ts';
import { DescribeApplicationV1, DescribeApplicationV2 } from './operations/describe-application.ts';
import { DiscoverInputSchemaV1, DiscoverInputSchemaV2 } from './operations/discover-input-schema.ts';
import { ListApplicationOperationsV2 } from './operations/list-application-operations.ts';
import { ListApplicationSnapshotsV2 } from './operations/list-application-snapshots.ts';
import { ListApplicationVersionsV2 } from './operations/list-application-versions.ts';
import { ListApplicationsV1, ListApplicationsV2 } from './operations/list-applications.ts';
import { ListTagsForResourceV1, ListTagsForResourceV2 } from './operations/list-tags-for-resource.ts';
import { RollbackApplicationV2 } from './operations/rollback-application.ts';
import { StartApplicationV1, StartApplicationV2 } from './operations/start-application.ts';
import { StopApplicationV1, StopApplicationV2 } from './operations/stop-application.ts';
import { TagResourceV1, TagResourceV2 } from './operations/tag-resource.ts';
import { UntagResourceV1, UntagResourceV2 } from './operations/untag-resource.ts';
import { UpdateApplicationMaintenanceConfigurationV2 } from './operations/update-application-maintenance-configuration.ts';
import { UpdateApplicationV1, UpdateApplicationV2 } from './operations/update-application.ts';

export const operationsV1 = {
  AddApplicationCloudWatchLoggingOption: AddApplicationCloudWatchLoggingOptionV1,
  AddApplicationInput: AddApplicationInputV1,
  AddApplicationInputProcessingConfiguration: AddApplicationInputProcessingConfigurationV1,
  AddApplicationOutput: AddApplicationOutputV1,
  AddApplicationReferenceDataSource: AddApplicationReferenceDataSourceV1,
  CreateApplication: CreateApplicationV1,
  DeleteApplication: DeleteApplicationV1,
  DeleteApplicationCloudWatchLoggingOption: DeleteApplicationCloudWatchLoggingOptionV1,
  DeleteApplicationInputProcessingConfiguration: DeleteApplicationInputProcessingConfigurationV1,
  DeleteApplicationOutput: DeleteApplicationOutputV1,
  DeleteApplicationReferenceDataSource: DeleteApplicationReferenceDataSourceV1,
  DescribeApplication: DescribeApplicationV1,
  DiscoverInputSchema: DiscoverInputSchemaV1,
  ListApplications: ListApplicationsV1,
  ListTagsForResource: ListTagsForResourceV1,
  StartApplication: StartApplicationV1,
  StopApplication: StopApplicationV1,
  TagResource: TagResourceV1,
  UntagResource: UntagResourceV1,
  UpdateApplication: UpdateApplicationV1,
} as const;

export const operationsV2 = {
  AddApplicationCloudWatchLoggingOption: AddApplicationCloudWatchLoggingOptionV2,
  AddApplicationInput: AddApplicationInputV2,
  AddApplicationInputProcessingConfiguration: AddApplicationInputProcessingConfigurationV2,
  AddApplicationOutput: AddApplicationOutputV2,
  AddApplicationReferenceDataSource: AddApplicationReferenceDataSourceV2,
  AddApplicationVpcConfiguration: AddApplicationVpcConfigurationV2,
  CreateApplication: CreateApplicationV2,
  CreateApplicationPresignedUrl: CreateApplicationPresignedUrlV2,
  CreateApplicationSnapshot: CreateApplicationSnapshotV2,
  DeleteApplication: DeleteApplicationV2,
  DeleteApplicationCloudWatchLoggingOption: DeleteApplicationCloudWatchLoggingOptionV2,
  DeleteApplicationInputProcessingConfiguration: DeleteApplicationInputProcessingConfigurationV2,
  DeleteApplicationOutput: DeleteApplicationOutputV2,
  DeleteApplicationReferenceDataSource: DeleteApplicationReferenceDataSourceV2,
  DeleteApplicationSnapshot: DeleteApplicationSnapshotV2,
  DeleteApplicationVpcConfiguration: DeleteApplicationVpcConfigurationV2,
  DescribeApplication: DescribeApplicationV2,
  DescribeApplicationOperation: DescribeApplicationOperationV2,
  DescribeApplicationSnapshot: DescribeApplicationSnapshotV2,
  DescribeApplicationVersion: DescribeApplicationVersionV2,
  DiscoverInputSchema: DiscoverInputSchemaV2,
  ListApplicationOperations: ListApplicationOperationsV2,
  ListApplicationSnapshots: ListApplicationSnapshotsV2,
  ListApplicationVersions: ListApplicationVersionsV2,
  ListApplications: ListApplicationsV2,
  ListTagsForResource: ListTagsForResourceV2,
  RollbackApplication: RollbackApplicationV2,
  StartApplication: StartApplicationV2,
  StopApplication: StopApplicationV2,
  TagResource: TagResourceV2,
  UntagResource: UntagResourceV2,
  UpdateApplication: UpdateApplicationV2,
  UpdateApplicationMaintenanceConfiguration: UpdateApplicationMaintenanceConfigurationV2,
} as const;
