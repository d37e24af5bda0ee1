import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";

import { organisationQuery, type Organisation } from "@/entities/conversations/queries";
import { Loading } from "@/shared/ui/feedback/loading";
import { Failure, Notice } from "@/shared/ui/feedback/notice";
import { Page } from "@/shared/ui/layout/page";

import { Accounts } from "./accounts/accounts";
import { AutoReply } from "./auto-reply/auto-reply";
import { Bots } from "./bots/bots";
import { CannedReplies } from "./canned/canned-replies";
import { useMayChange } from "./may-change";
import { MessageRules } from "./messages/message-rules";
import { SECTIONS, type Section } from "./sections";

export function SettingsScreen() {
  const { section = "auto-reply" } = useSearch({ from: "/inside/settings" });
  const mayChange = useMayChange();
  return (
    <Page title="Настройки">
      <nav aria-label="Части настроек" className="-mt-1 flex flex-wrap gap-1">
        {SECTIONS.map((one) => (
          <Link
            key={one.section}
            to="/settings"
            search={one.section === "auto-reply" ? {} : { section: one.section }}
            activeOptions={{ exact: true }}
            className="flex min-h-11 items-center rounded-xl px-3 text-sm text-ink-soft hover:bg-sunken aria-[current=page]:bg-accent-soft aria-[current=page]:font-semibold aria-[current=page]:text-accent"
          >
            {one.label}
          </Link>
        ))}
      </nav>
      {!mayChange && (
        <Notice kind="info">
          Настройки меняет владелец организации. Вы можете их посмотреть; если нужно что-то поправить,
          попросите его.
        </Notice>
      )}
      <Shown section={section} />
    </Page>
  );
}

function Shown({ section }: { section: Section }) {
  switch (section) {
    case "bots":
      return <Bots />;
    case "accounts":
      return <Accounts />;
    case "auto-reply":
      return <OfOrganisation form={AutoReply} />;
    case "messages":
      return <OfOrganisation form={MessageRules} />;
    case "canned":
      return <OfOrganisation form={CannedReplies} />;
  }
}

function OfOrganisation({ form: Form }: { form: React.ComponentType<{ organisation: Organisation }> }) {
  const { data, error, refetch } = useQuery({ ...organisationQuery, refetchInterval: 60_000 });
  if (data !== undefined) return <Form organisation={data} />;
  return error === null ? <Loading rows={4} /> : <Failure error={error} retry={refetch} />;
}
