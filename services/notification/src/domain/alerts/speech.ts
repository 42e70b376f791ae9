import type { Language } from '../roster/roster.ts';
import type { Letter } from './mail-html.ts';

export type Say = (key: string, facts?: Readonly<Record<string, string>>) => string;

export type Speech = { readonly language: Language; readonly say: Say; readonly occurredAt: Date };

/** What differs from fact to fact. */
export type Content = {
  readonly tone: Letter['tone'];
  readonly highlight: string;
  /** Key of its sentences; the kind of the fact where absent. */
  readonly texts?: string;
  /** For the sentences of this kind of fact. */
  readonly facts: Readonly<Record<string, string>>;
  /** Sentences after the first, by their keys. */
  readonly more?: readonly string[];
  readonly rows: readonly Row[];
  /** A sentence after the last, by its key. */
  readonly postscript?: string;
};

export type Row = readonly [label: string, value: string];
