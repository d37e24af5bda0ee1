/** Longest side of an uploaded photo. The server scales larger ones down to the same size. */
const LONGEST_SIDE = 1200;

/** What a picker offers: with HEIC, which a laptop's browser cannot decode and the server can. */
export const OFFERED: readonly string[] = [
  "image/jpeg",
  "image/png",
  "image/webp",
  "image/avif",
  "image/heic",
  "image/heif",
  ".heic",
  ".heif",
];

/** Bytes from the beginning of a file by which `isPhoto` knows it. */
export const HEAD = 32;

export const MOST_BYTES = 10 * 1024 * 1024;

interface Size {
  width: number;
  height: number;
}

/** Size of the uploaded photo: same proportions, never larger than the original. */
export function fitted({ width, height }: Size, longest = LONGEST_SIDE): Size {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Why a file that the browser cannot decode cannot be uploaded as it is; undefined when it can. `head`: its first
 * bytes. They decide: phones and programs give wrong types and names.
 */
export function refusal({ size }: { size: number }, head: Uint8Array): string | undefined {
  if (size === 0) return "Файл пустой. Выберите другое фото.";
  if (!isPhoto(head)) return "Это не фото. Подходят файлы JPEG, PNG, WEBP и HEIC.";
  if (size > MOST_BYTES) {
    return "Файл больше 10 МБ, и уменьшить его здесь не получается. Откройте его в программе для просмотра фото, сохраните меньшим или как JPEG и выберите снова.";
  }
  return undefined;
}

/** Starts like a JPEG, PNG, WEBP, HEIC or AVIF. */
function isPhoto(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head);
  return (
    text.startsWith("\xff\xd8\xff") ||
    text.startsWith("\x89PNG\r\n\x1a\n") ||
    /^RIFF[^]{4}WEBP/.test(text) ||
    // An ISO file: its brands tell pictures from films.
    (text.slice(4, 8) === "ftyp" && /hei[cfmsx]|hev[cx]|mif1|msf1|avi[fs]/.test(text.slice(8)))
  );
}
