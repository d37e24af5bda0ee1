import "./polyfills";

// The legacy build supports older phones, with the polyfills.
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

import workerUrl from "./worker?worker&url";

GlobalWorkerOptions.workerSrc = workerUrl;

/** Opens a PDF; the caller must call `destroy`. */
export function openPdf(bytes: ArrayBuffer) {
  // PDF.js transfers the bytes: pass a copy.
  return getDocument({ data: new Uint8Array(bytes.slice(0)), useWasm: false, stopAtErrors: false });
}

/**
 * Draws a page `width` CSS pixels wide at the screen's resolution. Returns a function that cancels: a canvas takes
 * one drawing at a time.
 */
export async function drawPage(
  pdf: PDFDocumentProxy,
  number: number,
  canvas: HTMLCanvasElement,
  width: number,
): Promise<() => void> {
  const page = await pdf.getPage(number);
  const natural = page.getViewport({ scale: 1 });
  const sharpness = Math.min(window.devicePixelRatio || 1, 3);
  const viewport = page.getViewport({ scale: (width / natural.width) * sharpness });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  const task = page.render({ canvas, viewport });
  task.promise.catch(() => undefined);
  return () => task.cancel();
}
