import { optional, required, structure } from '../../../wire/shape/shape.ts';
import { KeyId, KeyType } from './names.ts';

export const ApplicationEncryptionConfiguration = structure('ApplicationEncryptionConfiguration', {
  KeyId: optional(KeyId),
  KeyType: required(KeyType),
});

export const ApplicationEncryptionConfigurationDescription = structure(
  'ApplicationEncryptionConfigurationDescription',
  { KeyId: optional(KeyId), KeyType: required(KeyType) },
);

export const ApplicationEncryptionConfigurationUpdate = structure(
  'ApplicationEncryptionConfigurationUpdate',
  { KeyIdUpdate: optional(KeyId), KeyTypeUpdate: required(KeyType) },
);
