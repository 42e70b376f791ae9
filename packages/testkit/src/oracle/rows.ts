/** What every row of every service has. */
export interface Doc {
  readonly _id: string;
  readonly schoolId: string;
}

export interface Invoice extends Doc {
  readonly status: 'OPEN' | 'PARTIALLY_PAID' | 'PAID' | 'VOID';
  readonly total: bigint;
  readonly paid: bigint;
  readonly issuedAt: Date;
  readonly runId?: string;
  readonly studentId?: string;
  readonly purpose?: string;
  /** Part of what was paid that came from the pupil's credit; of a void one, what went back. */
  readonly creditApplied?: bigint;
  readonly lines?: readonly { readonly code: string; readonly amount: bigint }[];
}

/** A booked meal of a pupil as billing keeps it, one of a month. */
export interface Portion {
  readonly bookingId: string;
  readonly price: bigint;
  readonly status: 'BOOKED' | 'CANCELLED' | 'CUT_LATE';
  readonly standsBy: number;
  readonly charges?: readonly { readonly invoiceId: string; readonly amount: bigint }[];
  readonly credited?: bigint;
  readonly supported?: bigint;
}

export interface MealMonth extends Doc {
  readonly studentId: string;
  readonly portions: readonly Portion[];
}

export interface Refund extends Doc {
  readonly studentId: string;
  readonly status: 'WATCHED' | 'DUE' | 'PAID' | 'CLOSED';
  readonly amount?: bigint;
  readonly since: Date;
  readonly requestedAt?: Date;
  readonly closedAt?: Date;
}

export interface Attempt extends Doc {
  readonly gateway: string;
  readonly status: string;
  readonly receiptId?: string;
}

export interface Receipt extends Doc {
  readonly gateway: string;
  readonly gatewayTransaction: string;
  readonly orderRef: string;
  readonly amount: bigint;
  readonly receivedAt: Date;
  readonly placement: 'SUSPENSE' | 'INVOICE';
  readonly suspenseId?: string;
  readonly invoiceId?: string;
  readonly applied?: bigint;
  readonly excess?: bigint;
  readonly studentId?: string;
}

export interface Notice extends Doc {
  readonly gateway: string;
  readonly raw: string;
  readonly state: 'KEPT' | 'WAITING' | 'DONE' | 'UNREADABLE';
  readonly retryAt?: Date;
  readonly answer?: string;
  readonly notice?: {
    readonly orderRef: string;
    readonly amount?: bigint;
    readonly gatewayTransaction: string;
    readonly outcome: 'SUCCEEDED' | 'FAILED' | 'HELD' | 'UNKNOWN';
  };
}

export interface Suspense extends Doc {
  readonly status: 'WAITING' | 'RESOLVED';
  readonly reason: string;
  readonly gateway: string;
  readonly gatewayTransaction: string;
  readonly orderRef: string;
  readonly receiptId?: string;
  readonly since: Date;
}

export interface Delivery extends Doc {
  readonly eventId: string;
  readonly guardianId: string;
  readonly channel: string;
  readonly status: string;
  readonly kind?: string;
  readonly unknowns?: number;
  /** The delivery whose message it takes back. */
  readonly retracts?: string;
}

export interface Alert extends Doc {
  readonly status: 'WAITING' | 'TOLD' | 'COMPOSED' | 'EXPIRED' | 'WITHDRAWN';
  readonly deliveries?: number;
  readonly kind?: string;
  readonly studentId?: string;
  readonly heardAt?: Date;
  /** The alert whose letters tell it. */
  readonly toldWith?: string;
}

/** `_id` is `<pupil>:<day>:<half>`. */
export interface AbsenceAlert extends Doc {
  readonly status: 'HELD' | 'RELEASED' | 'SUPPRESSED' | 'RETRACTED';
  readonly because?: 'CORRECTED' | 'NOT_TOLD' | 'HELD_BACK' | 'CONTINUES' | 'STALE';
  readonly version: number;
  readonly told?: { readonly eventId: string; readonly at: Date };
}

export interface Projected extends Doc {
  readonly version: number;
  readonly [field: string]: unknown;
}

export interface Entry extends Doc {
  readonly reference?: string;
  readonly postedAt?: Date;
  readonly postings: readonly { readonly account: string; readonly debit: bigint; readonly credit: bigint }[];
}
