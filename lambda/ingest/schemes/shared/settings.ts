/** A setting that is wrong is a fault of the configuration, and shows when the function starts. */
function wrong(scheme: string, name: string, value: unknown, allowed: string): Error {
  return new Error(`the setting ${JSON.stringify(name)} of the scheme ${JSON.stringify(scheme)} is ${JSON.stringify(value)}, and it must be ${allowed}`);
}

export interface Settings {
  readonly scheme: string;
  readonly settings: { readonly [name: string]: unknown };
}

export function readText({ scheme, settings }: Settings, name: string): string {
  const value = settings[name];
  if (typeof value !== 'string' || value === '') throw wrong(scheme, name, value, 'a text that is not empty');
  return value;
}

/** One text or several, at least one. */
export function readTexts({ scheme, settings }: Settings, name: string): string[] {
  const values: unknown[] = [settings[name]].flat();
  const texts = values.filter((value): value is string => typeof value === 'string' && value !== '');
  if (texts.length === 0 || texts.length < values.length) throw wrong(scheme, name, settings[name], 'a text or a list of texts, none of them empty');
  return texts;
}

export function readOneOf<Allowed extends string>({ scheme, settings }: Settings, name: string, allowed: readonly Allowed[]): Allowed {
  const value = settings[name];
  const found = allowed.find((text) => text === value);
  if (found === undefined) throw wrong(scheme, name, value, `one of ${allowed.join(', ')}`);
  return found;
}
