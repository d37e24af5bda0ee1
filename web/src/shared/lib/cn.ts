import { clsx, type ClassValue } from "clsx";
import { twMerge } from "tailwind-merge";

/** Joins class names; later ones override earlier ones. */
export function cn(...parts: ClassValue[]): string {
  return twMerge(clsx(parts));
}
