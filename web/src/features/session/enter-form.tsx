import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { z } from "zod";

import { api, ask } from "@/shared/api/http";
import { Problem } from "@/shared/api/problem";
import { BY_COOKIE, settled } from "@/shared/api/session";
import { cleanedLine, lengthOf, visible } from "@/shared/lib/typed";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Field } from "@/shared/ui/form/field";
import { Input } from "@/shared/ui/form/input";
import { say } from "@/shared/ui/overlay/toast";

import { useSignedIn } from "./use-signed-in";

const schema = z.object({
  email: z
    .string()
    .overwrite(visible)
    .min(1, "Укажите почту.")
    .pipe(z.email("Проверьте почту: например, anna@example.com.")),
  name: z
    .string()
    .overwrite(cleanedLine)
    .refine((text) => lengthOf(text) <= 200, "Не больше 200 знаков."),
});
type Values = z.infer<typeof schema>;

export function EnterForm({ token }: { token: string }) {
  const enter = useSignedIn();
  const { register, handleSubmit, formState } = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { email: "", name: "" },
  });
  const exchange = useMutation({
    networkMode: "always",
    mutationFn: async ({ email, name }: Values) => {
      await settled();
      return ask(
        api.POST("/api/auth/master/exchange", {
          body: { token, email, full_name: name === "" ? null : name },
          params: { header: BY_COOKIE },
        }),
      );
    },
    onSuccess: (answer) => {
      enter(answer, "/");
      if (answer.client_created) say("Организация создана, вы её владелец");
    },
  });
  const problem = exchange.error instanceof Problem ? exchange.error : undefined;
  const atEmail = formState.errors.email?.message ?? problem?.field("email") ?? emailTaken(problem);
  const atName = formState.errors.name?.message ?? problem?.field("full_name");

  return (
    <form noValidate className="grid gap-4" onSubmit={handleSubmit((values) => exchange.mutate(values))}>
      <p className="text-ink-soft">
        Ссылка действует один раз и 15 минут. При первом входе появится ваша организация.
      </p>
      <Field label="Электронная почта" error={atEmail}>
        <Input
          type="email"
          inputMode="email"
          autoComplete="email"
          autoCapitalize="none"
          enterKeyHint="next"
          spellCheck={false}
          {...register("email")}
        />
      </Field>
      <Field label="Имя и фамилия" optional error={atName}>
        <Input autoComplete="name" enterKeyHint="go" {...register("name")} />
      </Field>
      {exchange.isError && atEmail === undefined && atName === undefined && (
        <Failure error={exchange.error} />
      )}
      <Button type="submit" busy={exchange.isPending}>
        Войти
      </Button>
    </form>
  );
}

function emailTaken(problem: Problem | undefined): string | undefined {
  return problem?.code === "email-taken" ? problem.message : undefined;
}
