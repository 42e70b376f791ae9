import sax from 'sax';

export interface XmlHandler {
  /** Names come without their namespace prefix: "row" for "x:row". */
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Ends the parsing early; nothing is wrong. */
export const enough: unique symbol = Symbol('enough');

const slice = 65_536;

/** Parses piece by piece, so that no second copy of a large part stands in memory. Throws for what is not well formed, and for a DTD. */
export function parseXml(bytes: Uint8Array, handler: XmlHandler): void {
  const parser = sax.parser(true);
  parser.onerror = (error) => {
    throw error;
  };
  // Workbooks have none; attacks by entities do.
  parser.ondoctype = () => {
    throw new Error('A workbook has no DTD');
  };
  parser.onopentag = ({ name, attributes }) => handler.open?.(localName(name), attributes as Record<string, string>);
  parser.onclosetag = (name) => handler.close?.(localName(name));
  parser.ontext = (text) => handler.text?.(text);
  parser.oncdata = (text) => handler.text?.(text);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (let from = 0; from < bytes.length; from += slice) {
      parser.write(decoder.decode(bytes.subarray(from, from + slice), { stream: true }));
    }
    parser.write(decoder.decode()).close();
  } catch (error) {
    if (error !== enough) throw error;
  }
}

export function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
