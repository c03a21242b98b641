// How much memory wasm takes: engines don't show theirs, so each instance that is made is noted.
type Instance = { exports: Record<string, unknown> };

const memories = new Set<WebAssembly.Memory>();

function note(instance: Instance): void {
  for (const one of Object.values(instance.exports)) if (one instanceof WebAssembly.Memory) memories.add(one);
}

/** From here on, each instance of wasm is noted. */
export function watchWasm(): void {
  const { Instance: Original, instantiate, instantiateStreaming } = WebAssembly;
  WebAssembly.Instance = new Proxy(Original, {
    construct(target, given) {
      const made = new target(...(given as ConstructorParameters<typeof Original>));
      note(made as Instance);
      return made;
    },
  });
  const noted = (made: unknown) => {
    note('instance' in (made as object) ? (made as { instance: Instance }).instance : (made as Instance));
    return made;
  };
  WebAssembly.instantiate = (async (...given: [never]) => noted(await instantiate(...given))) as never;
  WebAssembly.instantiateStreaming = (async (...given: [never]) => noted(await instantiateStreaming(...given))) as never;
}

export const wasmBytes = (): number => [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
