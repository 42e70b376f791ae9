export interface School {
  readonly id: string;
  /** Code issued by the sector database: "79000701". */
  readonly code: string;
  readonly name: string;
}
