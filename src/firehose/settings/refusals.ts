/** How a configuration is refused. */
import { ServiceError } from '../../wire/shape/service-error.ts';

export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

/** What AWS has and Millrace does not do yet is refused in words of its own, never ignored. */
export function notServed(member: string, reason: string): ServiceError {
  return invalidArgument(`${member} is not served by Millrace: ${reason}`);
}
