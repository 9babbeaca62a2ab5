import { CLIENT_FLAGS, JSON_FLAG, createAnalyticsClient } from '../client/profile.ts';
import { EXIT, type Command } from '../command.ts';
import { table } from '../terminal/table.ts';

type Summary = {
  readonly ApplicationName: string;
  readonly ApplicationStatus: string;
  readonly ApplicationVersionId: number;
  readonly RuntimeEnvironment: string;
};

export const list: Command = {
  usage: '',
  positionals: { min: 0, max: 0 },
  details: 'Lists the applications of the account in the region.',
  flags: [JSON_FLAG, ...CLIENT_FLAGS],
  async run({ flags, environment, terminal, signal }) {
    const client = createAnalyticsClient(flags, environment);
    try {
      const found: Summary[] = [];
      let NextToken: string | undefined;
      do {
        const page: { readonly ApplicationSummaries: readonly Summary[]; readonly NextToken?: string } =
          await client.call('ListApplications', { NextToken }, signal);
        found.push(...page.ApplicationSummaries);
        ({ NextToken } = page);
      } while (NextToken !== undefined);
      if (flags.values.has('json')) await terminal.print(`${JSON.stringify(found, undefined, 2)}\n`);
      else if (found.length === 0) {
        terminal.say('No applications. Create one with: millrace app create NAME FILE.sql --stream STREAM\n');
      } else {
        const rows = found.map((one) => [
          one.ApplicationName,
          one.ApplicationStatus,
          one.ApplicationVersionId,
          one.RuntimeEnvironment,
        ]);
        await terminal.print(table(['NAME', 'STATUS', 'VERSION', 'RUNTIME'], rows));
      }
      return EXIT.ok;
    } finally {
      client.close();
    }
  },
};
