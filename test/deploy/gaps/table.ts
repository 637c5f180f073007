import type { Finding } from './probe';

/** The page about an emulator's gaps. `emulator` is its name and version. */
export function page(emulator: string, findings: readonly Finding[]): string {
  const gaps = findings.filter(({ seen }) => seen !== true);
  const same = findings.filter(({ seen }) => seen === true);
  return `# Gaps of ${emulator}

What the emulator that \`npm run test:deploy\` runs on does in another way than AWS, as far as a gateway needs it or might. Measured, not
read: this page is written by \`test/deploy/gaps.check.ts\`, which fails when it is no longer so. To write it anew:

\`\`\`sh
UPDATE_GAPS=1 MINISTACK_PYTHON=python3 node test/deploy/ministack.mjs -- npm run test:deploy -- gaps
\`\`\`

It runs with TLS and with \`AUTH=true\`, so that signatures and permissions are checked.

## ${gaps.length} that differ

| area | what | on AWS | here |
| --- | --- | --- | --- |
${gaps.map(({ area, probe: { what, aws, page: link }, seen }) => `| ${area} | ${what} | ${link ? `[${aws}](${link})` : aws} | ${seen} |`).join('\n')}

## ${same.length} that are as on AWS

| area | what | on AWS and here |
| --- | --- | --- |
${same.map(({ area, probe: { what, aws, page: link } }) => `| ${area} | ${what} | ${link ? `[${aws}](${link})` : aws} |`).join('\n')}
`;
}
