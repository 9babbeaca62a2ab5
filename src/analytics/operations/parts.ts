/** What the handlers of operations are made of. */
import type { Limits } from '../../config/limits.ts';
import type { Clock, Dice } from '../../host/host.ts';
import type { ChangeParts } from '../directory/change-application.ts';
import type { SettingsChecks } from '../settings/check-settings.ts';

export type OperationParts = ChangeParts & {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly limits: Pick<Limits, 'applicationsPerAccount' | 'tagsPerApplication'>;
  readonly stateDurationMs: number;
  readonly checks: SettingsChecks;
};
