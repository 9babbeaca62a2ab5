import { list, optional, required, structure } from '../../../wire/shape/shape.ts';
import {
  S3ContentBaseLocation,
  S3ContentBaseLocationDescription,
  S3ContentBaseLocationUpdate,
  S3ContentLocation,
} from './code.ts';
import { ArtifactType, DatabaseARN, LogLevel, MavenArtifactId, MavenGroupId, MavenVersion } from './names.ts';

export const ZeppelinMonitoringConfiguration = structure('ZeppelinMonitoringConfiguration', {
  LogLevel: required(LogLevel),
});

export const GlueDataCatalogConfiguration = structure('GlueDataCatalogConfiguration', {
  DatabaseARN: required(DatabaseARN),
});

export const CatalogConfiguration = structure('CatalogConfiguration', {
  GlueDataCatalogConfiguration: required(GlueDataCatalogConfiguration),
});

export const DeployAsApplicationConfiguration = structure('DeployAsApplicationConfiguration', {
  S3ContentLocation: required(S3ContentBaseLocation),
});

export const MavenReference = structure('MavenReference', {
  GroupId: required(MavenGroupId),
  ArtifactId: required(MavenArtifactId),
  Version: required(MavenVersion),
});

export const CustomArtifactConfiguration = structure('CustomArtifactConfiguration', {
  ArtifactType: required(ArtifactType),
  S3ContentLocation: optional(S3ContentLocation),
  MavenReference: optional(MavenReference),
});

export const CustomArtifactsConfigurationList = list(CustomArtifactConfiguration, { max: 50 });

export const ZeppelinApplicationConfiguration = structure('ZeppelinApplicationConfiguration', {
  MonitoringConfiguration: optional(ZeppelinMonitoringConfiguration),
  CatalogConfiguration: optional(CatalogConfiguration),
  DeployAsApplicationConfiguration: optional(DeployAsApplicationConfiguration),
  CustomArtifactsConfiguration: optional(CustomArtifactsConfigurationList),
});

export const ZeppelinMonitoringConfigurationDescription = structure(
  'ZeppelinMonitoringConfigurationDescription',
  { LogLevel: optional(LogLevel) },
);

export const GlueDataCatalogConfigurationDescription = structure('GlueDataCatalogConfigurationDescription', {
  DatabaseARN: required(DatabaseARN),
});

export const CatalogConfigurationDescription = structure('CatalogConfigurationDescription', {
  GlueDataCatalogConfigurationDescription: required(GlueDataCatalogConfigurationDescription),
});

export const DeployAsApplicationConfigurationDescription = structure(
  'DeployAsApplicationConfigurationDescription',
  { S3ContentLocationDescription: required(S3ContentBaseLocationDescription) },
);

export const CustomArtifactConfigurationDescription = structure('CustomArtifactConfigurationDescription', {
  ArtifactType: optional(ArtifactType),
  S3ContentLocationDescription: optional(S3ContentLocation),
  MavenReferenceDescription: optional(MavenReference),
});

export const CustomArtifactsConfigurationDescriptionList = list(CustomArtifactConfigurationDescription, {
  max: 50,
});

export const ZeppelinApplicationConfigurationDescription = structure(
  'ZeppelinApplicationConfigurationDescription',
  {
    MonitoringConfigurationDescription: required(ZeppelinMonitoringConfigurationDescription),
    CatalogConfigurationDescription: optional(CatalogConfigurationDescription),
    DeployAsApplicationConfigurationDescription: optional(DeployAsApplicationConfigurationDescription),
    CustomArtifactsConfigurationDescription: optional(CustomArtifactsConfigurationDescriptionList),
  },
);

export const ZeppelinMonitoringConfigurationUpdate = structure('ZeppelinMonitoringConfigurationUpdate', {
  LogLevelUpdate: required(LogLevel),
});

export const GlueDataCatalogConfigurationUpdate = structure('GlueDataCatalogConfigurationUpdate', {
  DatabaseARNUpdate: required(DatabaseARN),
});

export const CatalogConfigurationUpdate = structure('CatalogConfigurationUpdate', {
  GlueDataCatalogConfigurationUpdate: required(GlueDataCatalogConfigurationUpdate),
});

export const DeployAsApplicationConfigurationUpdate = structure('DeployAsApplicationConfigurationUpdate', {
  S3ContentLocationUpdate: optional(S3ContentBaseLocationUpdate),
});

export const ZeppelinApplicationConfigurationUpdate = structure('ZeppelinApplicationConfigurationUpdate', {
  MonitoringConfigurationUpdate: optional(ZeppelinMonitoringConfigurationUpdate),
  CatalogConfigurationUpdate: optional(CatalogConfigurationUpdate),
  DeployAsApplicationConfigurationUpdate: optional(DeployAsApplicationConfigurationUpdate),
  CustomArtifactsConfigurationUpdate: optional(CustomArtifactsConfigurationList),
});
