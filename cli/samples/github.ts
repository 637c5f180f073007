import { randomBytes, randomUUID } from 'node:crypto';
import type { Sample, SampleEvent } from './sample';

const SENDER = { login: 'octocat', id: 583231, type: 'User', site_admin: false, url: 'https://api.github.com/users/octocat' };

const REPOSITORY = {
  id: 1296269,
  name: 'hello-world',
  full_name: 'octocat/hello-world',
  private: false,
  html_url: 'https://github.com/octocat/hello-world',
  default_branch: 'main',
  owner: SENDER,
};

/** What the most used events carry beside repository and sender: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const PARTS: { readonly [type: string]: (time: Date) => { readonly [name: string]: unknown } } = {
  ping: () => ({ zen: 'Keep it logically awesome.', hook_id: 109948940, hook: { type: 'Repository', id: 109948940, active: true, events: ['push'] } }),
  push: (time) => {
    const [before, after] = [commitId(), commitId()];
    const author = { name: 'The Octocat', email: 'octocat@users.noreply.github.com', username: 'octocat' };
    const url = `${REPOSITORY.html_url}/commit/${after}`;
    const commit = { id: after, message: 'Say hello', timestamp: time.toISOString(), url, author, added: [], removed: [], modified: ['README.md'] };
    return { ref: 'refs/heads/main', before, after, created: false, deleted: false, forced: false, commits: [commit], head_commit: commit, pusher: author };
  },
  issues: (time) => ({ action: 'opened', issue: numbered('issues', 'The button does nothing', time) }),
  pull_request: (time) => ({
    action: 'opened',
    number: 1347,
    pull_request: { ...numbered('pull', 'Make the button work', time), draft: false, merged: false, head: { ref: 'button', sha: commitId() }, base: { ref: 'main' } },
  }),
};

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers */
export const github: Sample = {
  type: 'push',
  headers: {
    'user-agent': 'GitHub-Hookshot/044aadd',
    'content-type': 'application/json',
    'accept': '*/*',
  },
  id: () => randomUUID(),
  body: ({ type, time }: SampleEvent) => {
    const parts = Object.hasOwn(PARTS, type) ? PARTS[type] : undefined;
    return { ...parts ? parts(time) : { action: 'created' }, repository: REPOSITORY, sender: SENDER };
  },
};

function numbered(kind: string, title: string, time: Date): { readonly [name: string]: unknown } {
  return { id: 1, number: 1347, title, state: 'open', user: SENDER, html_url: `${REPOSITORY.html_url}/${kind}/1347`, created_at: time.toISOString() };
}

function commitId(): string {
  return randomBytes(20).toString('hex');
}
