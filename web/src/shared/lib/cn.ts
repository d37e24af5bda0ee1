import { clsx, type ClassValue } from "clsx";
import { twMerge } from "tailwind-merge";

/** Class names put together; the later one wins where two say the same thing. */
export function cn(...parts: ClassValue[]): string {
  return twMerge(clsx(parts));
}
