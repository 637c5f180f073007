import tseslint from 'typescript-eslint';

/** Who may import what: the house of CONTRIBUTING.md, checked. */
const forbid = (files, patterns, extra = {}) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns, ...extra }] },
});

const sockets = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'undici']
  .flatMap((name) => [name, `node:${name}`])
  .map((name) => ({ name, message: 'only lambda/shared/egress.ts and lambda/shared/aws.ts open sockets' }));

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'assets', 'packages', '**/cdk.out', '.cdk-webhooks'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-require-imports': 'off',
      // One exported options struct per sender from the start: a shared one could never be split.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      'eqeqeq': ['error', 'always'],
      'max-len': ['error', { code: 150, ignoreUrls: true, ignoreTemplateLiterals: true, ignoreStrings: true }],
      'quotes': ['error', 'single', { avoidEscape: true }],
      'semi': ['error', 'always'],
    },
  },
  forbid(['lib/**'], [
    { regex: '^(?!aws-cdk-lib(/|$)|constructs$|\\.\\.?(/|$)|(crypto|fs|os|path|child_process)$)', message: 'lib/ imports aws-cdk-lib and itself' },
    { regex: '^(\\.\\./)+(lambda|local|cli|console)(/|$)', message: 'lib/ imports aws-cdk-lib and itself' },
  ]),
  forbid(['lib/contract/*.ts'], [{ regex: '^(?!\\./)', message: 'lib/contract/ imports nothing but itself' }]),
  forbid(['lib/contract/schemes/*.ts'], [{ regex: '^(?!\\.\\.?/[^.])', message: 'lib/contract/ imports nothing but itself' }]),
  forbid(['lambda/ingest/**'], [{ regex: '(^|/)(deliver|keeper|local|cli|console)(/|$)', message: 'one function\'s folder never reaches into another\'s' },
    { regex: '/lib/(?!contract/)', message: 'lambda/ imports lib/contract/ only' }], { paths: sockets }),
  forbid(['lambda/deliver/**'], [{ regex: '(^|/)(ingest|keeper|local|cli|console)(/|$)', message: 'one function\'s folder never reaches into another\'s' },
    { regex: '/lib/(?!contract/)', message: 'lambda/ imports lib/contract/ only' }], { paths: sockets }),
  forbid(['lambda/keeper/**'], [{ regex: '(^|/)(ingest|deliver|local|cli|console)(/|$)', message: 'one function\'s folder never reaches into another\'s' },
    { regex: '/lib/(?!contract/)', message: 'lambda/ imports lib/contract/ only' }], { paths: sockets }),
  forbid(['lambda/shared/**'], [{ regex: '(^|/)(ingest|deliver|keeper|local|cli|console)(/|$)', message: 'shared files know no function' },
    { regex: '/lib/(?!contract/)', message: 'lambda/ imports lib/contract/ only' }]),
  ...[1, 2, 3].map((depth) => forbid([`local${'/*'.repeat(depth)}.{ts,mts}`], [
    { regex: `^(\\.\\./){${depth}}(lambda|cli|console)/`, message: 'local/ runs the built bundles, it never imports them' },
    { regex: '/lib/(?!contract/)', message: 'local/ imports lib/contract/ only' }])),
  forbid(['cli/**'], [{ regex: '(^|/)(lambda)/', message: 'cli/ talks to AWS APIs only' },
    { regex: '/lib/(?!contract/)', message: 'cli/ imports lib/contract/ only' },
    { regex: '\\.\\./local/', message: 'cli/dev alone imports local/' }]),
  forbid(['cli/dev/**', 'cli/dev.ts'], [{ regex: '(^|/)(lambda)/', message: 'cli/ talks to AWS APIs only' },
    { regex: '/lib/(?!contract/)', message: 'cli/ imports lib/contract/ only' }]),
);
