const longest = 160;

/**
 * A provider's reply as it may be kept and shown: without addresses, without any of the recipient's own words (`personal`), without
 * links and long numbers, on one line and short.
 */
export function withoutPersonalData(reply: string, personal: readonly string[] = []): string {
  let text = reply.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  for (const word of personal.flatMap(wordsOf)) text = text.replaceAll(new RegExp(escaped(word), 'giu'), '…');
  return text
    .replace(/https?:\/\/\S+/gi, '…')
    .replace(/<[^<>]*>/g, '…')
    .replace(/"[^"]*"@\S+|\S*@\S*/g, '…')
    .replace(/\+?\d{7,}/g, '…')
    .replace(/(?:…[\s:,;]*)+/g, '… ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, longest);
}

// Providers repeat the part before the @ on its own: "user nam.phan unknown".
function wordsOf(personal: string): string[] {
  const [local = '', domain = ''] = personal.split('@');
  return [personal, local, domain].filter((word) => word.length > 2);
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
