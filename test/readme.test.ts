import { readFileSync } from 'fs';
import path from 'path';
import ts from 'typescript';

const root = path.resolve(__dirname, '..');

const blocks = [...readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);

/** Compiles the blocks as files beside the README, in one program because loading the CDK's types takes seconds. */
function problems(): string[] {
  const config = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  options.noUnusedLocals = false;
  options.paths = { 'cdk-webhooks': ['./lib/index.ts'] };
  const host = ts.createCompilerHost(options);
  const files = new Map(blocks.map((text, index) => [path.join(root, `readme-${index + 1}.ts`), `${text}\nexport {};\n`]));
  const { fileExists, readFile } = host;
  host.fileExists = (name) => files.has(path.normalize(name)) || fileExists(name);
  host.readFile = (name) => files.get(path.normalize(name)) ?? readFile(name);
  host.getSourceFile = (name, version) => {
    const text = host.readFile(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .map(({ messageText }) => `${path.basename(name)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

test('the code blocks of the README compile', () => {
  expect(blocks.length).toBeGreaterThan(2);
  expect(problems()).toEqual([]);
}, 120_000);
