/** A printed book as plain text and tables: what may cross to the thread that draws it. */
export interface Sheet {
  readonly school: string;
  readonly title: string;
  /** The form it follows: "Mẫu số 1, QĐ 1246/QĐ-BYT ngày 31-3-2017". */
  readonly form: string;
  /** Each begins on a page of its own. */
  readonly chapters: readonly Chapter[];
  readonly signatures: readonly string[];
}

export interface Chapter {
  /** "Bữa trưa, ngày 23-11-2026" */
  readonly heading: string;
  readonly facts: readonly string[];
  readonly tables: readonly SheetTable[];
}

export interface SheetTable {
  readonly title: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Lines under the table. */
  readonly notes: readonly string[];
}

export interface SheetColumn {
  readonly title: string;
  readonly group?: string;
  /** Share of the width; the shares of a table need not add up to anything. */
  readonly share: number;
  readonly align?: 'center' | 'right';
}
