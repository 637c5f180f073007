/**
 * Whether a name occurs twice in the outermost object of a JSON text. Readers differ in which of the two they take, so that what was
 * verified here need not be what the target reads. For texts that are known to be JSON.
 */
export function repeatsName(json: string): boolean {
  const names = new Set<string>();
  let depth = 0;
  for (const [token, name] of json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (name !== undefined && depth === 1) {
      const read = JSON.parse(name) as string;
      if (names.has(read)) return true;
      names.add(read);
    }
  }
  return false;
}
