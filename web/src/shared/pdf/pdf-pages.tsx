import { Download, ExternalLink, ZoomIn, ZoomOut } from "lucide-react";
import type { PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { useEffect, useRef, useState } from "react";

import { Button } from "@/shared/ui/button";
import { Loading } from "@/shared/ui/feedback/loading";
import { Notice } from "@/shared/ui/feedback/notice";

import { drawPage, openPdf } from "./document";

const ZOOMS = [1, 1.5, 2, 3] as const;

interface Props {
  bytes: ArrayBuffer;
  /** Accessible name. */
  name: string;
  fileName: string;
}

/**
 * PDF viewer with zoom and download, also for phones without a built-in one. Opens in the browser's viewer where
 * there is room.
 */
export default function PdfPages({ bytes, name, fileName }: Props) {
  const pdf = usePdf(bytes);
  const url = useBlobUrl(bytes);
  const [zoom, setZoom] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);

  if (pdf === "broken") {
    return (
      <Notice kind="danger">
        Документ не открывается. Обновите страницу; если не поможет, сформируйте его заново.
      </Notice>
    );
  }
  return (
    <div className="grid grid-cols-1 gap-2">
      <div className="flex flex-wrap items-center gap-1">
        <Button
          look="quiet"
          size="icon"
          aria-label="Мельче"
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
        >
          <ZoomOut aria-hidden />
        </Button>
        <Button
          look="quiet"
          size="icon"
          aria-label="Крупнее"
          disabled={zoom === ZOOMS.length - 1}
          onClick={() => setZoom(zoom + 1)}
        >
          <ZoomIn aria-hidden />
        </Button>
        {url !== undefined && (
          <>
            <Button asChild look="quiet" className="ml-auto">
              <a href={url} download={fileName}>
                <Download aria-hidden />
                Скачать
              </a>
            </Button>
            <Button asChild look="quiet" className="hidden sm:inline-flex">
              <a href={url} target="_blank" rel="noreferrer">
                <ExternalLink aria-hidden />
                Открыть отдельно
              </a>
            </Button>
          </>
        )}
      </div>
      <div
        ref={frame}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an area that scrolls is reached by keyboard
        tabIndex={0}
        role="group"
        aria-label={`${name}: страницы`}
        className="grid max-h-[75dvh] justify-items-start gap-3 overflow-auto rounded-xl bg-sunken p-2"
      >
        {pdf === undefined || width === 0 ? (
          <Loading rows={2} className="w-full" />
        ) : (
          Array.from({ length: pdf.numPages }, (_, index) => (
            <PdfPage key={index} pdf={pdf} number={index + 1} width={width * (ZOOMS[zoom] ?? 1)} />
          ))
        )}
      </div>
    </div>
  );
}

function PdfPage({ pdf, number, width }: { pdf: PDFDocumentProxy; number: number; width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    let stop: (() => void) | undefined;
    let over = false;
    drawPage(pdf, number, element, width).then(
      (end) => {
        if (over) end();
        else stop = end;
      },
      // The document was closed before the page was read.
      () => undefined,
    );
    return () => {
      over = true;
      stop?.();
    };
  }, [pdf, number, width]);
  return (
    <div role="img" aria-label={`Страница ${number} из ${pdf.numPages}`} className="mx-auto">
      <canvas ref={canvas} aria-hidden style={{ width }} className="block h-auto bg-white shadow-sm" />
    </div>
  );
}

function usePdf(bytes: ArrayBuffer): PDFDocumentProxy | "broken" | undefined {
  const [opened, setOpened] = useState<{ bytes: ArrayBuffer; pdf: PDFDocumentProxy | "broken" }>();
  useEffect(() => {
    const task = openPdf(bytes);
    task.promise.then(
      (pdf) => setOpened({ bytes, pdf }),
      () => setOpened({ bytes, pdf: "broken" }),
    );
    return () => void task.destroy();
  }, [bytes]);
  return opened?.bytes === bytes ? opened.pdf : undefined;
}

function useBlobUrl(bytes: ArrayBuffer): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
    // eslint-disable-next-line react-hooks/set-state-in-effect -- an object URL lives exactly as long as the effect
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return url;
}

/** Width available to pages; follows resizing. */
function useWidth(frame: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.floor(entry.contentRect.width));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return width;
}
