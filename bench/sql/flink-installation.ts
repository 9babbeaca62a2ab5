/** Apache Flink from the registries of Python (its libraries) and Maven (the SQL gateway, which is not among them). */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { installationFolder, type Installation } from '../../test/clients/installation.ts';

export const FLINK_VERSION = '2.3.0';
const POM = path.join(import.meta.dirname, 'flink-pom.xml');
const folder = installationFolder('flink', [POM, FLINK_VERSION]);
const home = path.join(folder, 'home', 'pyflink');

export const FLINK_LIBRARIES = path.join(home, 'lib');
export const FLINK_CLIENT = path.join(home, 'opt', `flink-sql-client-${FLINK_VERSION}.jar`);
export const FLINK_GATEWAY = path.join(folder, 'gateway', `flink-sql-gateway-${FLINK_VERSION}.jar`);

export const FLINK_INSTALLATION: Installation = {
  name: `Apache Flink ${FLINK_VERSION}`,
  needs: ['java', 'maven', 'python', 'unzip'],
  folder,
  isWhole: () => [FLINK_LIBRARIES, FLINK_CLIENT, FLINK_GATEWAY].every((place) => existsSync(place)),
  install: async (run) => {
    await run({
      command: 'python3',
      args: [
        '-m',
        'pip',
        'download',
        '--no-deps',
        '-q',
        '-d',
        folder,
        `apache-flink-libraries==${FLINK_VERSION}`,
      ],
      folder,
    });
    // It comes as a source archive or as a wheel.
    await run({
      command: 'sh',
      args: [
        '-c',
        'mkdir -p home && for f in apache_flink_libraries*.whl; do [ -e "$f" ] && unzip -q -o "$f" -d home; done; ' +
          'for f in apache*flink*libraries*.tar.gz; do [ -e "$f" ] && tar -xzf "$f" -C home --strip-components=1; done; ' +
          '[ -d home/pyflink ] || { mkdir -p home/pyflink && for d in lib opt plugins; do [ -d "home/deps/$d" ] && mv "home/deps/$d" home/pyflink/; done; }; rm -f *.whl *.tar.gz',
      ],
      folder,
    });
    await run({
      command: 'mvn',
      args: [
        '-q',
        '-B',
        '-f',
        POM,
        'dependency:copy-dependencies',
        `-DoutputDirectory=${path.join(folder, 'gateway')}`,
      ],
      folder,
    });
  },
};
