import { list, map, optional, required, structure } from '../../../wire/shape/shape.ts';
import { Id } from '../both.ts';
import { PropertyKey, PropertyValue } from './names.ts';

export const PropertyMap = map(PropertyKey, PropertyValue, { min: 1, max: 50 });

export const PropertyGroup = structure('PropertyGroup', {
  PropertyGroupId: required(Id),
  PropertyMap: required(PropertyMap),
});

export const PropertyGroups = list(PropertyGroup, { max: 50 });

export const EnvironmentProperties = structure('EnvironmentProperties', {
  PropertyGroups: required(PropertyGroups),
});

export const EnvironmentPropertyDescriptions = structure('EnvironmentPropertyDescriptions', {
  PropertyGroupDescriptions: optional(PropertyGroups),
});

export const EnvironmentPropertyUpdates = structure('EnvironmentPropertyUpdates', {
  PropertyGroups: required(PropertyGroups),
});
