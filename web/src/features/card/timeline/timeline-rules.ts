import type { SchemaHistoryEntry } from "@/shared/api/generated/schema";
import { dayOf } from "@/shared/lib/days";
import { money } from "@/shared/lib/format";

export type Entry = SchemaHistoryEntry;

/** One row of the timeline: an entry, and how often it occurred that day. */
export interface Line {
  entry: Entry;
  times: number;
}

interface Day {
  /** «2026-11-21» */
  day: string;
  lines: Line[];
}

const READ = "card-read";

/** Groups entries by day, newest first. All views of the card by one person on a day form one row. */
export function byDay(entries: readonly Entry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.at);
    const last = days.at(-1);
    if (last?.day !== day) {
      days.push({ day, lines: [{ entry, times: 1 }] });
      continue;
    }
    const same = last.lines.find((line) => isSameReading(line.entry, entry));
    if (same !== undefined) same.times += 1;
    else last.lines.push({ entry, times: 1 });
  }
  return days;
}

function isSameReading(one: Entry, other: Entry): boolean {
  return one.verb === READ && other.verb === READ && one.actor.id === other.actor.id;
}

/** Labels of the fields in `details.fields`, in the order of the forms. */
const FIELDS: Record<string, string> = {
  phone: "телефон",
  email: "почта",
  name: "имя",
  address: "адрес",
  document_type: "вид документа",
  last_name: "фамилия",
  first_name: "имя",
  middle_name: "отчество",
  series: "серия",
  number: "номер",
  issued_by: "кем выдан",
  issue_code: "код подразделения",
  issue_date: "дата выдачи",
  registration_address: "адрес регистрации",
  device_type: "тип",
  title: "название",
  description: "описание",
  specs: "характеристики",
  extra_fee: "цена",
};

/** Names by the ids that entries refer to. */
export type Names = ReadonlyMap<string, string>;

/** Details of an entry besides its title; undefined when there are none. */
export function noteOf({ details, verb }: Entry, names: Names): string | undefined {
  if (details === null) return undefined;
  const parts = [
    text(details.text),
    text(details.number) ?? named(details.contract_id, names),
    named(details.device_id, names),
    fieldsOf(details.fields),
    sum(details.amount ?? details.total_extra_fee),
    verb === "code-wrong" ? tries(details.tries_left) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(" · ");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function named(id: unknown, names: Names): string | undefined {
  return typeof id === "string" ? names.get(id) : undefined;
}

function fieldsOf(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const order = Object.keys(FIELDS);
  const changed = value.map(String).sort((one, other) => order.indexOf(one) - order.indexOf(other));
  return changed.map((name) => FIELDS[name] ?? name).join(", ");
}

/** Formats kopecks, the unit of the trail. */
function sum(value: unknown): string | undefined {
  return typeof value === "number" ? money(value / 100) : undefined;
}

function tries(left: unknown): string | undefined {
  return typeof left === "number" ? `осталось попыток: ${left}` : undefined;
}
