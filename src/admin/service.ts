/** The service `Millrace_20261123`: what an operator asks of a running server, signed and checked like every other call. */
import type { Service } from '../wire/shape/operation.ts';
import { Backup, backup } from './operations/backup.ts';

const operations = { Backup } as const;

export function createAdminService(parts: Parameters<typeof backup>[0]): Service<typeof operations> {
  return {
    targetPrefix: 'Millrace_20261123',
    signingName: 'millrace',
    operations,
    handlers: { Backup: backup(parts) },
  };
}
