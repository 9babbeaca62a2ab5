/** AWS's errors about applications. Its documents give the codes only, so the texts are ours, but where a client's log shows AWS's (decision 0600). */
import { ServiceError } from '../../wire/shape/service-error.ts';

export function invalidArgument(message: string): ServiceError {
  return new ServiceError('InvalidArgumentException', message);
}

export function invalidRequest(message: string): ServiceError {
  return new ServiceError('InvalidRequestException', message);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceededException', message);
}

export function resourceInUse(message: string): ServiceError {
  return new ServiceError('ResourceInUseException', message);
}

export function unsupportedOperation(message: string): ServiceError {
  return new ServiceError('UnsupportedOperationException', message);
}

export function invalidConfiguration(message: string): ServiceError {
  return new ServiceError('InvalidApplicationConfigurationException', message);
}

export function concurrentModification(message: string): ServiceError {
  return new ServiceError('ConcurrentModificationException', message);
}

export function tooManyTags(message: string): ServiceError {
  return new ServiceError('TooManyTagsException', message);
}

/** The program's text has a fault, and the message says where. */
export function codeInvalid(message: string): ServiceError {
  return new ServiceError('CodeValidationException', message);
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message);
}

export function applicationNotFound(name: string, account: string): ServiceError {
  return notFound(`Application ${name} under account ${account} not found.`);
}

export function applicationExists(name: string, account: string): ServiceError {
  return resourceInUse(`Application ${name} under account ${account} already exists.`);
}
