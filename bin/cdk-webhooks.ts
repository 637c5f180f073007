#!/usr/bin/env node
import path from 'node:path';
import { main } from '../cli/main';

// The bundle is assets/cli/cdk-webhooks.mjs and its banner defines `__filename` from import.meta.url, which is the real path: process.argv[1]
// is npx's symlink, and whatever a wrapper script makes of it.
const assets = path.resolve(path.dirname(__filename), '..');

void main(process.argv.slice(2), assets);
