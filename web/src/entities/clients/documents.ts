import type { SchemaDocumentType } from "@/shared/api/generated/schema";

export type DocumentType = SchemaDocumentType;

/** Names of the documents that identify a client, in the order of the choice. */
export const DOCUMENTS: Record<DocumentType, string> = {
  passport_rf: "Паспорт гражданина РФ",
  foreign_passport: "Паспорт иностранного гражданина",
  residence_permit: "Вид на жительство",
};

export function isDocumentType(value: string): value is DocumentType {
  return Object.hasOwn(DOCUMENTS, value);
}
