import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT, type Command } from '../command.ts';
import { DATA_FLAG, dataDirectoryOf } from './running-server.ts';

export const trust: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details:
    'Prints where the certificate of the own authority is. https:// at the server works for a client that trusts it; ' +
    'http:// needs no trust.',
  flags: [DATA_FLAG],
  async run({ flags, environment, terminal }) {
    const file = path.join(dataDirectoryOf(flags, environment), 'tls', 'ca.pem');
    if (!existsSync(file)) {
      terminal.say(`There is no ${file} yet: the first \`millrace start\` makes it.\n`);
      return EXIT.failed;
    }
    await terminal.print(`${file}\n`);
    terminal.say(
      [
        '',
        `AWS CLI and boto3   export AWS_CA_BUNDLE=${file}`,
        `Node.js             export NODE_EXTRA_CA_CERTS=${file}`,
        `Go, curl            export SSL_CERT_FILE=${file}`,
        `Java                keytool -importcert -noprompt -alias millrace -file ${file} -keystore trust.p12 -storetype PKCS12 -storepass changeit`,
        `KPL                 setCaCertFile("${file}")`,
        '',
      ].join('\n'),
    );
    return EXIT.ok;
  },
};
