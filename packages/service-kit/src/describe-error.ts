/** What logs and spans may hold of an error: enough to find the line, never what a person or a request said. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string | number;
  readonly cause?: ErrorDescription;
}

const longest = 500;
const deepestCause = 3;

export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: withoutPersonalData(String(error)), stack: '' };
  const { code, cause } = error as Error & { code?: unknown };
  return {
    name: error.name,
    message: withoutPersonalData(error.message),
    stack: frames(error.stack),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(cause !== undefined && depth < deepestCause ? { cause: describeError(cause, depth + 1) } : {}),
  };
}

// MongoDB and mongoose put the offending value into their texts: `dup key: { phone: "…" }`, `failed for value "…"`.
function withoutPersonalData(text: string): string {
  return text
    .slice(0, longest)
    .replace(/dup key: \{.*/s, 'dup key: {…}')
    .replace(/(\bvalue )"[^"]*"?/g, '$1"…"')
    .replace(/[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+/g, '…@…')
    .replace(/\+?\d(?:[ .-]?\d){8,}/g, '#');
}

// The first lines of a stack repeat the message; only the frames are kept.
function frames(stack: string | undefined): string {
  const lines = stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return lines.slice(0, 20).join('\n');
}
