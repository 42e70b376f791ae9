import type { Codec, Field, Flat, Shape, States, StoredAs, Value } from './shape.ts';

/** The state of which a literal is made. */
interface Fixed {
  readonly state: string;
  readonly isStored: boolean;
}
type Members = Readonly<Record<string, Field | Flat | Fixed>>;

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
      if ('state' in member) return `${name}: '${member.state}'`;
      const [stored, read] = [`from.${member.name || name}`, codecOf(name, member)?.read];
      const present = member.presence === 'always' ? `${stored} ?? ${fail}('${name} is missing')` : stored;
      const entry = `${name}: ${read ? `${use(read)}(${present})` : present}`;
      return member.presence === 'optional' ? `...(${stored} === undefined ? undefined : { ${entry} })` : entry;
    });
    return `{ ${entries.join(', ')} }`;
  };
  const writing = (members: Members, from = 'from'): string => {
    const entries = Object.entries(members).flatMap(([name, member]) => {
      if ('flat' in member) return writing(member.flat as Members, `${from}.${name}`);
      if ('state' in member) return member.isStored ? `${name}: '${member.state}'` : [];
      const [value, write] = [`${from}.${name}`, codecOf(name, member)?.write];
      return `${member.name || name}: ${write ? `${use(write)}(${value})` : value}`;
    });
    return entries.join(', ');
  };
  /** One literal, or one for each state. */
  const choosing = (members: Shape, literal: (members: Members) => string, stateOf: (name: string, states: States) => string): string => {
    const [name, chosen] = Object.entries(members).find((entry): entry is [string, States] => 'states' in entry[1]) ?? ['', undefined];
    if (!chosen) return `return ${literal(members as Members)};`;
    const cases = Object.entries(chosen.states).map(([state, more]) => {
      const ofState = { ...members, [name]: { state, isStored: chosen.by === '' }, ...more } as Shape;
      return `case '${state}': { ${choosing(ofState, literal, stateOf)} }`;
    });
    const none = `${fail}('${name} is none of ${Object.keys(chosen.states).join(', ')}')`;
    return `switch (${stateOf(name, chosen)}) { ${cases.join(' ')} default: ${none}; }`;
  };
  const read = choosing(shape, reading, (name, { by, states }) => {
    const [first, second] = Object.keys(states);
    return by === '' ? `from.${name}` : `from.${by} === undefined ? '${first}' : '${second}'`;
  });
  const write = choosing(
    shape,
    (members) => `{ ${writing(members)} }`,
    (name) => `from.${name}`,
  );
  return new Function(...used.map((_, at) => `u${at}`), `return { read(from) { ${read} }, write(from) { ${write} } }`)(...used);
}
