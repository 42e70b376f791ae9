import type { Codec, Field, Flat, Shape, States, StoredAs, Value } from './shape.ts';

type Members = Readonly<Record<string, Field | Flat>>;

/**
 * Makes both functions from source, as zod and ajv do: each is the literal that one would write by hand, where a loop over the fields
 * takes three times as long. Only names from the declaration get into the source.
 */
export function compile<F extends Shape>(shape: F, path: string): Codec<Value<F>, StoredAs<F>> {
  const used: unknown[] = [];
  const use = (value: unknown): string => `u${used.push(value) - 1}`;
  const fail = use((problem: string) => {
    throw new Error(`${path}.${problem}`);
  });
  const codecOf = (name: string, field: Field) => field.codec?.(`${path}.${name}`);

  const reading = (members: Members): string => {
    const entries = Object.entries(members).map(([name, member]) => {
      if ('flat' in member) return `${name}: ${reading(member.flat as Members)}`;
      const [stored, read] = [`from.${member.name || name}`, codecOf(name, member)?.read];
      const present = member.presence === 'always' ? `${stored} ?? ${fail}('${name} is missing')` : stored;
      const entry = `${name}: ${read ? `${use(read)}(${present})` : present}`;
      return member.presence === 'optional' ? `...(${stored} === undefined ? undefined : { ${entry} })` : entry;
    });
    return `{ ${entries.join(', ')} }`;
  };
  const writing = (members: Members, from = 'from'): string => {
    const entries = Object.entries(members).map(([name, member]) => {
      if ('flat' in member) return writing(member.flat as Members, `${from}.${name}`);
      const [value, write] = [`${from}.${name}`, codecOf(name, member)?.write];
      return `${member.name || name}: ${write ? `${use(write)}(${value})` : value}`;
    });
    return entries.join(', ');
  };
  /** One literal; or one for each state, where there are states. */
  const choosing = (members: Shape, literal: (members: Members) => string): string => {
    const [name, chosen] = Object.entries(members).find((entry): entry is [string, States] => 'states' in entry[1]) ?? ['', undefined];
    if (!chosen) return `return ${literal(members as Members)};`;
    const cases = Object.entries(chosen.states).map(
      ([state, more]) => `case '${state}': { ${choosing({ ...members, [name]: only(state), ...more }, literal)} }`,
    );
    return `switch (from.${name}) { ${cases.join(' ')} default: ${fail}('${name} is none of ${Object.keys(chosen.states).join(', ')}'); }`;
  };
  const read = choosing(shape, reading);
  const write = choosing(shape, (members) => `{ ${writing(members)} }`);
  return new Function(...used.map((_, at) => `u${at}`), `return { read(from) { ${read} }, write(from) { ${write} } }`)(...used);
}

function only(state: string): Field {
  return { type: {}, presence: 'maybe', name: '', codec: () => ({ read: () => state, write: () => state }) };
}
