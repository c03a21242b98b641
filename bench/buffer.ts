// What casbin takes for granted in a browser too.
export { Buffer } from 'buffer';
