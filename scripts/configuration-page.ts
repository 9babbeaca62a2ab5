/** Writes docs/reference/configuration.md from the list of options; a test fails while the page says anything else. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Flag } from '../src/base/flags.ts';
import { LIMIT_FLAGS, START_OPTIONS } from '../src/config/options.ts';

export const CONFIGURATION_PAGE = path.join(import.meta.dirname, '../docs/reference/configuration.md');

export function configurationPage(): string {
  return `# Configuration

<!-- Written by scripts/configuration-page.ts from src/config/options.ts. -->

\`millrace start\` takes its options from flags, from environment variables and from a JSON file (\`--config FILE\`) whose
members are named like the flags. A flag wins over the environment, and that over the file. An empty variable counts
as not set. Unknown flags and members, and malformed values, are refused with exit status 2.

${tableOf(START_OPTIONS)}
\`MILLRACE_MASTER_KEY\` holds the master key itself (32 bytes in hexadecimal or base64) in place of \`--master-key FILE\`.
There is no flag for it: command lines can be read by other users.

## Limits

Each quota of AWS has a flag of its own, which also holds on top of \`--limits none\`. \`none\` lifts it. The defaults are
those of \`--limits aws\`. Sizes and shapes of requests are always AWS's.

${tableOf(LIMIT_FLAGS)}
## The client commands

\`millrace stream …\`, \`firehose …\`, \`bucket …\` and \`backup\` find the endpoint, the region and the credentials where the AWS CLI finds
them: \`--endpoint-url\`, \`AWS_ENDPOINT_URL_KINESIS\` (for \`firehose …\`: \`AWS_ENDPOINT_URL_FIREHOSE\`), \`AWS_ENDPOINT_URL\`; \`--region\`, \`AWS_REGION\`, the profile;
\`AWS_ACCESS_KEY_ID\` and \`AWS_SECRET_ACCESS_KEY\`, the profile. The endpoint is \`http://127.0.0.1:4567\` unless said, and
a loopback endpoint needs no credentials.
`;
}

function tableOf(flags: readonly Flag[]): string {
  const rows = flags.map(({ name, value, help, environment = [], default: otherwise }) => {
    const variables = environment.map((variable) => `\`${variable}\``).join(', ');
    const flag = `\`--${name}${value === undefined ? '' : ` ${value}`}\``;
    return `| ${[flag, variables, otherwise ?? '', help].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  });
  return `| Flag | Environment | Default | Meaning |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

if (import.meta.main) writeFileSync(CONFIGURATION_PAGE, configurationPage());
