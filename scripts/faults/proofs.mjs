import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const TITLE = /^((?:row \d+b?, )*row \d+b?): (.+)$/s;

/** Finds the tests whose titles say which rows they prove: row → [{ file, title, tests }], files in the order of their names. */
export function findProofs(root) {
  const proofs = new Map();
  for (const file of testFiles(root)) {
    const text = readFileSync(path.join(root, file), 'utf8');
    if (!text.includes('row ')) continue;
    for (const { rows, ...proof } of proofsIn(file, text)) {
      for (const row of rows) proofs.set(row, [...(proofs.get(row) ?? []), proof]);
    }
  }
  return proofs;
}

function testFiles(root) {
  return readdirSync(path.join(root, 'test'), { recursive: true })
    .map((name) => path.posix.join('test', name.split(path.sep).join('/')))
    .filter((name) => /\.(test|check)\.ts$/.test(name))
    .sort();
}

/** A title has those of the `describe`s around it before it, as jest reports it. A `describe` counts the tests below it, each table as one. */
export function proofsIn(file, text) {
  const proofs = [];
  const visit = (node, around) => {
    const title = titleOf(node);
    const match = title === undefined ? null : TITLE.exec(title);
    const titles = title === undefined ? around : [...around, match ? match[2] : title];
    if (match) proofs.push({ file, rows: match[1].split(', ').map((row) => row.slice(4)), title: titles.join(' '), tests: countTests(node) });
    ts.forEachChild(node, (child) => visit(child, titles));
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true), []);
  return proofs;
}

function countTests(node) {
  let tests = 0;
  const visit = (child) => {
    if (titleOf(child) !== undefined && calledName(child.expression) !== 'describe') tests++;
    ts.forEachChild(child, visit);
  };
  visit(node);
  return tests;
}

/** The title of a call of `describe`, `test` or `it`, also of their `each`. */
function titleOf(node) {
  if (!ts.isCallExpression(node) || !['describe', 'test', 'it'].includes(calledName(node.expression))) return undefined;
  const [title] = node.arguments;
  if (title === undefined) return undefined;
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? title.head.text + title.templateSpans.map(({ literal }) => `…${literal.text}`).join('') : undefined;
}

/** `test` of `test(…)`, `test.each(…)(…)` and `` test.each`…`(…) ``. */
function calledName(expression) {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression)) return ['skip', 'todo', 'skipIf'].includes(expression.name.text) ? undefined : calledName(expression.expression);
  if (ts.isCallExpression(expression)) return calledName(expression.expression);
  if (ts.isTaggedTemplateExpression(expression)) return calledName(expression.tag);
  return undefined;
}
