import { list, optional, required, string, structure } from '../../../wire/shape/shape.ts';
import { Id } from '../both.ts';

export const SubnetIds = list(string(), { min: 1, max: 16 });

export const SecurityGroupIds = list(string(), { min: 1, max: 5 });

export const VpcConfiguration = structure('VpcConfiguration', {
  SubnetIds: required(SubnetIds),
  SecurityGroupIds: required(SecurityGroupIds),
});

export const VpcConfigurationDescription = structure('VpcConfigurationDescription', {
  VpcConfigurationId: required(Id),
  VpcId: required(string()),
  SubnetIds: required(SubnetIds),
  SecurityGroupIds: required(SecurityGroupIds),
});

export const VpcConfigurations = list(VpcConfiguration);

export const VpcConfigurationDescriptions = list(VpcConfigurationDescription);

export const VpcConfigurationUpdate = structure('VpcConfigurationUpdate', {
  VpcConfigurationId: required(Id),
  SubnetIdUpdates: optional(SubnetIds),
  SecurityGroupIdUpdates: optional(SecurityGroupIds),
});

export const VpcConfigurationUpdates = list(VpcConfigurationUpdate);
