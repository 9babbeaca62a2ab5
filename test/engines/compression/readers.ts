/** The foreign readers of compressed objects, at the versions that requirements.txt and pom.xml pin. */
import { javaInstallation, pythonInstallation } from '../../clients/installations.ts';

export const javaStreams = javaInstallation(import.meta.dirname);
export const pythonSnappy = pythonInstallation(import.meta.dirname);
