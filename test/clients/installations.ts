/** The installations of the suites, by kind. Every version is pinned in a file beside the suite that it decides about. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { installationFolder, type Installation } from './installation.ts';

const MAVEN_DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

export type JavaInstallation = Installation & {
  /** Arguments of `java` up to the class name; small heaps and cheap compilation, for several run at once. */
  readonly javaArgs: () => readonly string[];
};

/** The class path of a pom.xml, and the suite's own Java sources compiled against it. */
export function javaInstallation(suiteFolder: string): JavaInstallation {
  const name = path.basename(suiteFolder);
  const sources = readdirSync(suiteFolder)
    .filter((file) => file.endsWith('.java'))
    .map((file) => path.join(suiteFolder, file))
    .sort();
  const folder = installationFolder(name, [path.join(suiteFolder, 'pom.xml'), ...sources]);
  const classPathFile = path.join(folder, 'class-path');
  const classes = path.join(folder, 'classes');
  const classPath = (): string => readFileSync(classPathFile, 'utf8').trim();
  return {
    name,
    needs: ['java', 'maven'],
    folder,
    isWhole: () => existsSync(classPathFile) && classPath().split(path.delimiter).every(existsSync),
    install: async (run) => {
      const goal = `${MAVEN_DEPENDENCY_PLUGIN}:build-classpath`;
      const output = [`-Dmdep.outputFile=${classPathFile}`, '-DincludeScope=runtime'];
      await run({ command: 'mvn', args: ['-B', '-q', goal, ...output], folder: suiteFolder });
      if (sources.length === 0) return;
      const compile = ['--release', '17', '-Xlint:all,-processing', '-Werror', '-proc:none'];
      await run({
        command: 'javac',
        args: [...compile, '-cp', classPath(), '-d', classes, ...sources],
        folder: suiteFolder,
      });
    },
    javaArgs: () => [
      ...['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
      ...['-Dorg.slf4j.simpleLogger.showDateTime=true', '-cp'],
      [classes, classPath()].join(path.delimiter),
    ],
  };
}

export type PythonInstallation = Installation & {
  /** The virtual environment's programs: python, aws and so on. */
  readonly program: (name: string) => string;
};

/** A virtual environment with exactly what requirements.txt locks. */
export function pythonInstallation(suiteFolder: string): PythonInstallation {
  const name = path.basename(suiteFolder);
  const requirements = path.join(suiteFolder, 'requirements.txt');
  const folder = installationFolder(name, [requirements]);
  const environment = path.join(folder, 'environment');
  const program = (command: string): string => path.join(environment, 'bin', command);
  return {
    name,
    needs: ['python'],
    folder,
    // The interpreter is a link to the machine's Python, which may have gone.
    isWhole: () => existsSync(program('python')),
    install: async (run) => {
      await run({ command: 'python3', args: ['-m', 'venv', environment], folder: suiteFolder });
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
      await run({
        command: program('python'),
        args: [...pip, '-r', requirements],
        folder: suiteFolder,
      });
    },
    program,
  };
}

export type NpmInstallation = Installation & {
  /** For `createRequire`, from where its packages are found. */
  readonly manifest: string;
};

/** The packages that package-lock.json locks; none of their scripts is run. */
export function npmInstallation(suiteFolder: string): NpmInstallation {
  const name = path.basename(suiteFolder);
  const files = ['package.json', 'package-lock.json'].map((file) => path.join(suiteFolder, file));
  const folder = path.join(installationFolder(name, files), 'npm');
  return {
    name: `${name} of npm`,
    needs: [],
    folder,
    isWhole: () => existsSync(path.join(folder, 'node_modules')),
    install: async (run) => {
      for (const file of files) await copyFile(file, path.join(folder, path.basename(file)));
      const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
      await run({ command: 'npm', args, folder });
    },
    manifest: path.join(folder, 'package.json'),
  };
}

export type GoInstallation = Installation & { readonly program: string };

export function goInstallation(suiteFolder: string): GoInstallation {
  const name = path.basename(suiteFolder);
  const files = ['go.mod', 'go.sum', 'main.go'].map((file) => path.join(suiteFolder, file));
  const folder = installationFolder(name, files);
  const program = path.join(folder, 'client');
  return {
    name,
    needs: ['go'],
    folder,
    isWhole: () => existsSync(program),
    install: (run) =>
      run({
        command: 'go',
        args: ['build', '-mod=readonly', '-buildvcs=false', '-o', program, '.'],
        folder: suiteFolder,
      }),
    program,
  };
}
