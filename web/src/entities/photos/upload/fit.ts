/** Longest side of an uploaded photo. The server scales larger ones down to the same size. */
const LONGEST_SIDE = 1200;

/** Content types the server accepts; other formats are converted to JPEG. */
export const TYPES: readonly string[] = ["image/jpeg", "image/png", "image/webp"];

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

/** Why a file that the browser cannot decode cannot be uploaded as it is; undefined when it can. */
export function refusal({
  type,
  size,
  name,
}: {
  type: string;
  size: number;
  name: string;
}): string | undefined {
  if (size === 0) return "Файл пустой. Выберите другое фото.";
  if (/^image\/hei[cf]/.test(type) || /\.hei[cf]$/i.test(name)) {
    return "Формат HEIC здесь не открывается. Снимите фото кнопкой «Снять» или сохраните его как JPEG.";
  }
  if (!TYPES.includes(type)) return "Это не фото. Подходят файлы JPEG, PNG и WEBP.";
  if (size > MOST_BYTES)
    return "Файл больше 10 МБ и не открывается, чтобы его уменьшить. Выберите другое фото.";
  return undefined;
}
