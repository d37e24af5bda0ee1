/**
 * What PDF.js uses, also in its legacy build, and browsers that the app promises lack: Safari before 17.4 or 18,
 * Chrome before 126, Firefox before 126. `compat.ts` finds what else a new version of it may need.
 */

interface Resolvers {
  promise: Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason?: unknown) => void;
}

// The types of TypeScript have all three already.
interface PromiseMay {
  withResolvers?: () => Resolvers;
}
interface UrlMay {
  parse?: (url: string, base?: string) => URL | null;
}
interface BufferMay {
  transferToFixedLength?: (this: ArrayBuffer, length?: number) => ArrayBuffer;
}

(Promise as unknown as PromiseMay).withResolvers ??= () => {
  const parts: Partial<Resolvers> = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts as Resolvers;
};

(URL as unknown as UrlMay).parse ??= (url, base) => {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
};

(ArrayBuffer.prototype as BufferMay).transferToFixedLength ??= function transferToFixedLength(
  this: ArrayBuffer,
  length = this.byteLength,
) {
  const copy = new ArrayBuffer(length);
  new Uint8Array(copy).set(new Uint8Array(this, 0, Math.min(length, this.byteLength)));
  return copy;
};

export {};
