import type { SchemaDialogView as Conversation } from "@/shared/api/generated/schema";

// Doubled braces stand for literal ones (domain/canned.py).
const PIECE = /\{\{|\}\}|\{([^{}]*)\}/g;

export type Values = Record<"buyer" | "item" | "price" | "account", string>;

export function valuesOf(conversation: Conversation, account: string | undefined): Values {
  return {
    buyer: conversation.buyer_name ?? "",
    item: conversation.title,
    price: conversation.item_price ?? "",
    account: account ?? "",
  };
}

/** Fills in the variables of a canned reply; a variable without a value becomes empty. */
export function filled(template: string, values: Values): string {
  const known: Partial<Record<string, string>> = values;
  return template.replace(PIECE, (piece: string, name: string | undefined) =>
    name === undefined ? piece.charAt(0) : (known[name.trim()] ?? ""),
  );
}
