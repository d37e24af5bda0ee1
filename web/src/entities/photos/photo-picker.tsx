import { Camera, ImagePlus } from "lucide-react";
import { useState, type DragEvent } from "react";

import { cn } from "@/shared/lib/cn";

import { PhotoInput } from "./photo-input";

interface Props {
  /** What the photos show: «Ноутбук Asus», «паспорт». Read by screen readers. */
  name: string;
  multiple?: boolean;
  onFiles: (files: File[]) => void;
}

/** Adds photos from the camera, the gallery, or by drag and drop. */
export function PhotoPicker({ name, multiple = false, onFiles }: Props) {
  const { over, ...drop } = useDrop((files) => onFiles(multiple ? files : files.slice(0, 1)));
  return (
    <div
      role="group"
      aria-label={`Добавить фото: ${name}`}
      {...drop}
      className={cn(
        "flex flex-wrap items-center gap-2 rounded-xl sm:pointer-fine:border sm:pointer-fine:border-dashed sm:pointer-fine:border-line-strong sm:pointer-fine:p-3",
        over && "bg-accent-soft",
      )}
    >
      <PhotoInput camera onFiles={onFiles} className="flex-1 sm:pointer-fine:hidden">
        <Camera aria-hidden />
        <span>
          Снять<span className="sr-only"> фото: {name}</span>
        </span>
      </PhotoInput>
      <PhotoInput multiple={multiple} onFiles={onFiles} className="flex-1 sm:pointer-fine:flex-none">
        <ImagePlus aria-hidden />
        <span>
          Выбрать<span className="sr-only"> фото: {name}</span>
        </span>
      </PhotoInput>
      <p aria-hidden className="hidden text-sm text-ink-soft sm:pointer-fine:block">
        или перетащите фото сюда
      </p>
    </div>
  );
}

function useDrop(onFiles: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  return {
    over,
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      const files = [...event.dataTransfer.files];
      if (files.length > 0) onFiles(files);
    },
  };
}
