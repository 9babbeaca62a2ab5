/** What several suites need is installed one after another, in their order, while suites that have theirs run already. */
import { install, isInstalled, type Installation } from './installation.ts';

type Installed = { readonly installations: readonly Installation[] };

/** Installs one after another, in the order of the suites; answers a suite's turn with why it failed, or undefined. */
export function installInTurn<Suite extends Installed>(
  suites: readonly Suite[],
  say: (line: string) => void,
  stopped: AbortSignal,
): (suite: Suite) => Promise<string | undefined> {
  const installs = new Map<Installation, Promise<string | undefined>>();
  let turn: Promise<unknown> = Promise.resolve();
  for (const installation of new Set(suites.flatMap((suite) => suite.installations))) {
    const done = isInstalled(installation)
      ? Promise.resolve(undefined)
      : turn.then(() => tryInstall(installation, say, stopped));
    installs.set(installation, done);
    turn = done;
  }
  return async (suite) => {
    const failures = await Promise.all(suite.installations.map((installation) => installs.get(installation)));
    return failures.find((failure) => failure !== undefined);
  };
}

async function tryInstall(
  installation: Installation,
  say: (line: string) => void,
  stopped: AbortSignal,
): Promise<string | undefined> {
  const startedMs = performance.now();
  say(`installing ${installation.name} into ${installation.folder}`);
  // Registries have bad moments; a second try costs little beside a red run.
  for (let tries = 1; ; tries++) {
    try {
      await install(installation, stopped);
      say(`installed ${installation.name} in ${seconds(performance.now() - startedMs)}`);
      return undefined;
    } catch (error) {
      const message = `Cannot install ${installation.name}: ${(error as Error).message}`;
      if (tries === 2 || stopped.aborted) return message;
      say(message);
    }
  }
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
