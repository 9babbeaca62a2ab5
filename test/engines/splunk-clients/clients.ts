/** Splunk's own logger for JavaScript and a handler for Python's logging, at the versions that package.json and requirements.txt lock. */
import { npmInstallation, pythonInstallation } from '../../clients/installations.ts';

export const npmClient = npmInstallation(import.meta.dirname);
export const pythonClient = pythonInstallation(import.meta.dirname);
