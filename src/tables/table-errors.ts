/** Glue's errors, in its words as far as they are known from its users. */
import { ServiceError } from '../wire/shape/service-error.ts';

export function databaseNotFound(name: string): ServiceError {
  return new ServiceError('EntityNotFoundException', `Database ${name} not found.`);
}

export function tableNotFound(name: string): ServiceError {
  return new ServiceError('EntityNotFoundException', `Table ${name} not found.`);
}

export function versionNotFound(version: string): ServiceError {
  return new ServiceError('EntityNotFoundException', `Table version ${version} not found.`);
}

export function alreadyExists(what: 'Database' | 'Table'): ServiceError {
  return new ServiceError('AlreadyExistsException', `${what} already exists.`);
}

export function invalidInput(message: string): ServiceError {
  return new ServiceError('InvalidInputException', message);
}
