import cliProgress from 'cli-progress';
import type { OnProgress } from './long-work.ts';

/** Where a command writes: the terminal, or what a test reads. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export type Align = 'left' | 'right';

/** A column of a table; what `text` answers may hold any script. */
export interface Column<T> {
  readonly title: string;
  readonly text: (row: T) => string;
  readonly align?: Align;
}

export interface Output {
  readonly json: boolean;
  /** One line for people; nothing under --json. */
  say(line: string): void;
  /** A remark beside the result, on standard error; a line of JSON there under --json. */
  note(line: string): void;
  /** The command's result under --json; nothing for people. */
  result(value: unknown): void;
  /** One of many results, as it comes: a line of JSON under --json, `text` for people. */
  record(value: unknown, text: string): void;
  table<T>(rows: readonly T[], columns: readonly Column<T>[]): void;
  /** Names and values under each other; empty values are left out. */
  facts(facts: readonly (readonly [name: string, value: string])[]): void;
  /** A bar on a terminal, nothing elsewhere: a script's log is no place for it. */
  progress(what: string): { readonly on: OnProgress; readonly end: () => void };
}

export function createOutput({ stdout, stderr }: Streams, json: boolean): Output {
  const say = (line: string) => {
    if (!json) stdout.write(`${line}\n`);
  };
  return {
    json,
    say,
    note: (line) => void stderr.write(`${json ? JSON.stringify({ note: line }) : line}\n`),
    result(value) {
      if (json) stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
    },
    record: (value, text) => void stdout.write(`${json ? JSON.stringify(value) : text}\n`),
    table: (rows, columns) => {
      for (const line of tableLines(rows, columns)) say(line);
    },
    facts(facts) {
      const shown = facts.filter(([, value]) => value !== '');
      const width = Math.max(0, ...shown.map(([name]) => widthOf(name)));
      for (const [name, value] of shown) say(`${padded(name, width, 'left')}  ${value}`);
    },
    progress: (what) => (json || !stderr.isTTY ? { on: () => {}, end: () => {} } : bar(what, stderr)),
  };
}

function tableLines<T>(rows: readonly T[], columns: readonly Column<T>[]): string[] {
  const cells = [columns.map(({ title }) => title.toUpperCase()), ...rows.map((row) => columns.map(({ text }) => text(row)))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => widthOf(line[index] ?? ''))));
  return cells.map((line) =>
    line
      .map((cell, index) => padded(cell, widths[index] ?? 0, columns[index]?.align))
      .join('  ')
      .trimEnd(),
  );
}

function padded(text: string, width: number, align: Align = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + space : space + text;
}

/** Columns on a terminal, for scripts without wide characters: an accent of its own takes none. */
function widthOf(text: string): number {
  return [...text.normalize('NFC').replace(/\p{Mn}/gu, '')].length;
}

function bar(what: string, stream: NodeJS.WritableStream): { on: OnProgress; end: () => void } {
  const options = { format: `${what} {bar} {value}/{total}`, hideCursor: true, clearOnComplete: true, stream };
  const shown = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  shown.start(1, 0);
  return {
    on(done, total) {
      shown.setTotal(Math.max(1, total));
      shown.update(done);
    },
    end: () => shown.stop(),
  };
}
