/** The longest side of a photo that is sent: what the server keeps of a larger one anyway. */
const LONGEST_SIDE = 1200;

/** What the server takes; anything else must become a JPEG here first. */
export const TYPES: readonly string[] = ["image/jpeg", "image/png", "image/webp"];

export const MOST_BYTES = 10 * 1024 * 1024;

interface Size {
  width: number;
  height: number;
}

/** The size in which a photo is sent: the same shape, never larger than it was. */
export function fitted({ width, height }: Size, longest = LONGEST_SIDE): Size {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Why a file that this browser could not open cannot be sent as it is either; undefined when it can. */
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
