/** A value of a form of the query protocol. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };

/**
 * The input that a form stands for: `Names.member.2.Id` is `Names[1].Id`, and `Attributes.entry.1.Name` with its `.Value` a member of
 * the object `Attributes`. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function readForm(parameters: { readonly [name: string]: string }): { [name: string]: FormValue } {
  const tree: Tree = new Map();
  for (const [name, value] of Object.entries(parameters)) put(tree, name.split('.'), value);
  return objectOf(tree);
}

type Tree = Map<string, Tree | string>;

function put(tree: Tree, [first = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    tree.set(first, value);
    return;
  }
  const known = tree.get(first);
  const branch: Tree = known instanceof Map ? known : new Map();
  tree.set(first, branch);
  put(branch, rest, value);
}

function valueOf(node: Tree | string): FormValue {
  if (typeof node === 'string') return node;
  const members = node.get('member');
  if (members instanceof Map) return inOrder(members).map(valueOf);
  const entries = node.get('entry');
  if (entries instanceof Map) return Object.fromEntries(inOrder(entries).map(entryOf));
  return objectOf(node);
}

function entryOf(node: Tree | string): [string, FormValue] {
  const { Name: name = '', Value: value = '' } = typeof node === 'string' ? {} : objectOf(node);
  return [String(name), value];
}

function objectOf(tree: Tree): { [name: string]: FormValue } {
  return Object.fromEntries([...tree].map(([name, node]) => [name, valueOf(node)]));
}

function inOrder(items: Tree): (Tree | string)[] {
  return [...items].sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}
