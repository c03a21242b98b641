// In a Cloudflare Worker: ready from the start. `/cases` runs all of tests/cases.
import { Workspace } from 'rolecall';
import cases from './cases.json';
import { program } from './program.js';
import { inAll } from './support/agree.ts';

export default {
  async fetch(request) {
    if (new URL(request.url).pathname === '/cases') return Response.json(inAll({ Workspace }, cases));
    return Response.json(await program(await request.json()));
  },
};
