// In Node: nothing to be made ready.
import { readFileSync } from 'node:fs';
import { program } from './program.js';

console.log(JSON.stringify(await program(JSON.parse(readFileSync('public/data.json', 'utf8')))));
