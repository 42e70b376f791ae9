import { inflateSync } from 'node:zlib';

/** Reads a PDF of the kitchen's books back: its pages as the words on them, in the order in which they were drawn, and its fonts. */
export interface PdfText {
  readonly pages: readonly string[];
  /** "RobotoCondensed-Regular", with whether its outlines are in the file. */
  readonly fonts: readonly { readonly name: string; readonly embedded: boolean }[];
}

export function pdfText(bytes: Uint8Array): PdfText {
  const objects = readObjects(Buffer.from(bytes).toString('latin1'));
  const fontObjects = [...objects.values()].filter(({ dictionary }) => dictionary.includes('/ToUnicode'));
  const glyphs = new Map(
    [...objects].flatMap(([id, { dictionary }]) => {
      const unicode = /\/ToUnicode (\d+) 0 R/.exec(dictionary)?.[1];
      return unicode ? [[id, readUnicode(objects.get(unicode)?.stream ?? '')] as const] : [];
    }),
  );
  const pages = [...objects.values()].filter(({ dictionary }) => /\/Type \/Page\b(?!s)/.test(dictionary));
  return {
    pages: pages.map(({ dictionary }) => {
      const resources = objects.get(/\/Resources (\d+) 0 R/.exec(dictionary)?.[1] ?? '')?.dictionary ?? dictionary;
      const names = new Map([...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [name, glyphs.get(id)]));
      const content = objects.get(/\/Contents (\d+) 0 R/.exec(dictionary)?.[1] ?? '')?.stream ?? '';
      return wordsOf(content, names);
    }),
    fonts: fontObjects.map(({ dictionary }) => ({
      name: /\/BaseFont \/\w+\+([\w-]+)/.exec(dictionary)?.[1] ?? '',
      embedded: [...objects.values()].some((other) => /\/FontFile[23] /.test(other.dictionary)),
    })),
  };
}

interface PdfObject {
  readonly dictionary: string;
  readonly stream: string;
}

function readObjects(text: string): Map<string, PdfObject> {
  const objects = new Map<string, PdfObject>();
  for (const [, id = '', body = ''] of text.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const at = body.indexOf('stream\n');
    const dictionary = at < 0 ? body : body.slice(0, at);
    const raw = at < 0 ? '' : body.slice(at + 7, body.lastIndexOf('\nendstream'));
    const isFlate = dictionary.includes('/FlateDecode') && !dictionary.includes('/FontFile');
    objects.set(id, { dictionary, stream: isFlate ? inflateSync(Buffer.from(raw, 'latin1')).toString('latin1') : raw });
  }
  return objects;
}

/** Which text each glyph of a font stands for. */
function readUnicode(cmap: string): Map<number, string> {
  const glyphs = new Map<number, string>();
  for (const [, start = '', list = ''] of cmap.matchAll(/<(\w+)> <\w+> \[([^\]]*)\]/g)) {
    const first = Number.parseInt(start, 16);
    for (const [at, [, hex = '']] of [...list.matchAll(/<([\w ]+)>/g)].entries()) glyphs.set(first + at, fromUtf16(hex));
  }
  return glyphs;
}

function fromUtf16(hex: string): string {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le');
}

/** Words are put down one by one; between two pieces of text stands a blank. */
function wordsOf(content: string, fonts: ReadonlyMap<string, ReadonlyMap<number, string> | undefined>): string {
  let font: ReadonlyMap<number, string> | undefined;
  const words: string[] = [];
  for (const [, name, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name) font = fonts.get(name);
    if (shown === undefined) continue;
    const hex = [...shown.matchAll(/<(\w*)>/g)].map(([, part = '']) => part).join('');
    words.push((hex.match(/\w{4}/g) ?? []).map((code) => font?.get(Number.parseInt(code, 16)) ?? '?').join(''));
  }
  return words.join(' ').replace(/[\s\u00a0]+/g, ' ');
}
