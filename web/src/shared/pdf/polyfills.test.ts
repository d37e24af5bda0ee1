import { expect, test, vi } from "vitest";

interface Newer {
  promise: { withResolvers: () => { promise: Promise<unknown>; resolve: (value: unknown) => void } };
  url: { parse: (url: string, base?: string) => URL | null };
  buffer: { transferToFixedLength: (this: ArrayBuffer, length: number) => ArrayBuffer };
}

test("PDF.js finds what an older browser lacks", async () => {
  vi.stubGlobal("Promise", Object.assign(class extends Promise<unknown> {}, { withResolvers: undefined }));
  vi.stubGlobal("URL", Object.assign(class extends URL {}, { parse: undefined }));
  const buffer = ArrayBuffer.prototype as unknown as Newer["buffer"];
  const { transferToFixedLength } = buffer;
  Reflect.deleteProperty(buffer, "transferToFixedLength");
  try {
    await import("./polyfills");
    const { promise, url } = { promise: Promise, url: URL } as unknown as Newer;
    const made = promise.withResolvers();
    made.resolve(5);
    expect(await made.promise).toBe(5);
    expect(url.parse("/b", "https://a.example")?.href).toBe("https://a.example/b");
    expect(url.parse("nothing")).toBeNull();
    const shorter = buffer.transferToFixedLength.call(new Uint8Array([1, 2, 3]).buffer, 2);
    expect([...new Uint8Array(shorter)]).toEqual([1, 2]);
    expect([...new Uint8Array(buffer.transferToFixedLength.call(shorter, 3))]).toEqual([1, 2, 0]);
  } finally {
    buffer.transferToFixedLength = transferToFixedLength;
    vi.unstubAllGlobals();
  }
});
