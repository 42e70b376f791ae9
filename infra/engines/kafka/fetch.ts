import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchOnce } from '../cache.ts';
import { lastLine, runTool } from '../tool.ts';
import type { Log } from '../wait.ts';

export const kafkaVersion = '4.3.1';
const otherWays = 'or start Docker, or set KAFKA_BROKERS to a running cluster';

export interface KafkaHome {
  readonly java: string;
  readonly javaVersion: string;
  readonly classpath: string;
}

export async function obtainKafka(log: Log): Promise<KafkaHome> {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const javaVersion = await versionOf(java);
  const what = `Fetching Kafka ${kafkaVersion} (44 MB, once)`;
  const libs = await fetchOnce({ folder: `kafka-${kafkaVersion}`, what, into: downloadJars, log });
  // Sorted, and never a wildcard: the class archive is only used with the very classpath it was made with.
  const classpath = readdirSync(libs)
    .sort()
    .map((jar) => join(libs, jar));
  return { java, javaVersion, classpath: classpath.join(':') };
}

async function versionOf(java: string): Promise<string> {
  const shown = await runTool(java, ['-version']);
  const version = /version "([^"]+)"/.exec(shown?.output ?? '')?.[1];
  if (version !== undefined && Number.parseInt(version, 10) >= 17) return version;
  const found = version === undefined ? 'no Java was found' : `this is ${version}`;
  throw new Error(`Kafka needs Java 17 or newer and ${found}: install a Java 17 runtime (openjdk-17-jre-headless), ${otherWays}.`);
}

async function downloadJars(draft: string): Promise<void> {
  const pom = join(import.meta.dirname, 'pom.xml');
  const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${draft}`];
  const got = await runTool('mvn', args);
  if (got === undefined) throw new Error(`Kafka is fetched with Maven, which is not here: install Maven, ${otherWays}.`);
  if (!got.ok) {
    const reason = /ERROR\S* (.*)/.exec(got.output)?.[1] ?? lastLine(got.output);
    throw new Error(
      `Kafka could not be fetched with Maven (${reason.slice(0, 300)}). Check the network and the Maven settings, ${otherWays}.`,
    );
  }
}
