import { date, moment, time } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Failure, Notice } from "@/shared/ui/feedback/notice";

import type { AutosaveState } from "./autosave-writer";
import type { Described } from "./conflict";
import { Compared } from "./conflict-panel";

/** Status line of the autosave. */
export function AutosaveNote({ state }: { state: AutosaveState }) {
  switch (state.kind) {
    case "typing":
      return <p>Сохраняем введённое…</p>;
    case "saved":
      return <p>Введённое сохранено в {time(state.at)}</p>;
    case "waiting":
      return <p>Нет связи: сохраним, когда она появится</p>;
    default:
      return null;
  }
}

/** «в 14:05»; «21 ноября, 14:05» for another day. */
function when(at: string): string {
  return date(at) === date(new Date().toISOString()) ? `в ${time(at)}` : moment(at);
}

/** Says that the form was restored from an autosave. */
export function Restored({ at, onRestart }: { at: string; onRestart: () => void }) {
  return (
    <Notice kind="info">
      <p>Вы не сохранили этот шаг {when(at)} — продолжаем с этого места.</p>
      <Button look="secondary" size="small" className="mt-2 min-h-11" onClick={onRestart}>
        Начать с сохранённого
      </Button>
    </Notice>
  );
}

interface ChangedProps<Form> {
  fields: readonly Described<Form>[];
  theirs: Form;
  mine: Form;
  onTake: () => void;
  onKeep: () => void;
}

/** The same manager is typing into this form in another window. */
export function AutosaveChanged<Form>({ fields, theirs, mine, onTake, onKeep }: ChangedProps<Form>) {
  const rows = fields
    .map((field) => ({ label: field.label, there: field.show(theirs), here: field.show(mine) }))
    .filter((row) => row.there !== row.here);
  return (
    <Notice kind="warn" title="Вы заполняете этот шаг и в другом окне">
      <p>Выберите, что оставить. До этого введённое здесь не сохраняется.</p>
      <Compared
        rows={rows.map(({ label, there, here }) => ({
          label,
          values: [
            { name: "В другом окне", value: there },
            { name: "Здесь", value: here },
          ],
        }))}
      />
      <div className="mt-3 flex flex-wrap gap-2">
        <Button look="secondary" onClick={onTake}>
          Взять из другого окна
        </Button>
        <Button look="secondary" onClick={onKeep}>
          Оставить введённое здесь
        </Button>
      </div>
    </Notice>
  );
}

/** The autosave was refused. When another manager holds the client, the banner says so instead. */
export function AutosaveRefused({ state }: { state: AutosaveState }) {
  if (state.kind !== "refused" || state.problem.code === "client-taken") return null;
  return <Failure error={state.problem} />;
}
