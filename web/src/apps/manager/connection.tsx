import { CloudOff } from "lucide-react";

import { useOnline } from "@/shared/lib/online";

/** Banner for a lost connection; says that typed text is kept. */
export function Connection({ live }: { live: boolean }) {
  const online = useOnline();
  return (
    <div role="status">
      {(!online || !live) && (
        <p className="flex items-center justify-center gap-2 bg-warn-soft px-4 py-2 text-center text-sm text-warn">
          <CloudOff aria-hidden className="size-4 shrink-0" />
          {online
            ? "Нет связи с сервером. Пробуем ещё раз…"
            : "Нет интернета. Введённое сохранено на экране и отправится, когда связь появится."}
        </p>
      )}
    </div>
  );
}
