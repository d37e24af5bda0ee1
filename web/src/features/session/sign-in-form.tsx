import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { z } from "zod";

import { api, ask } from "@/shared/api/http";
import { Problem } from "@/shared/api/problem";
import { BY_COOKIE, settled } from "@/shared/api/session";
import { countdown } from "@/shared/lib/format";
import { visible } from "@/shared/lib/typed";
import { Button } from "@/shared/ui/button";
import { Failure } from "@/shared/ui/feedback/notice";
import { Field } from "@/shared/ui/form/field";
import { Input } from "@/shared/ui/form/input";

import { PasswordInput } from "./password-input";
import { useRetryAfter } from "./use-retry-after";
import { useSignedIn } from "./use-signed-in";

const schema = z.object({
  email: z.string().overwrite(visible).min(1, "Укажите почту."),
  password: z.string().min(1, "Введите пароль."),
});
type Values = z.infer<typeof schema>;

export function SignInForm({ to }: { to: string }) {
  const enter = useSignedIn();
  const pause = useRetryAfter();
  const [caps, setCaps] = useState(false);
  const { register, handleSubmit, formState, setFocus } = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { email: "", password: "" },
  });
  const login = useMutation({
    // No retries: a sign-in must not succeed minutes later, when the connection returns.
    networkMode: "always",
    mutationFn: async (body: Values) => {
      await settled();
      return ask(api.POST("/api/auth/login", { body, params: { header: BY_COOKIE } }));
    },
    onSuccess: (token) => enter(token, to),
    onError: (problem) => {
      pause.begin(problem);
      setFocus("password", { shouldSelect: true });
    },
  });
  /** Attempts are counted per address. */
  const another = () => {
    pause.end();
    login.reset();
  };
  const { errors } = formState;
  const waited = login.error instanceof Problem && login.error.status === 429 && pause.left === 0;
  const refused = login.isError && !waited;

  return (
    <form noValidate className="grid gap-4" onSubmit={handleSubmit((values) => login.mutate(values))}>
      <Field label="Электронная почта" error={errors.email?.message}>
        <Input
          type="email"
          inputMode="email"
          autoComplete="username"
          autoCapitalize="none"
          enterKeyHint="next"
          spellCheck={false}
          {...register("email", { onChange: another })}
        />
      </Field>
      <Field
        label="Пароль"
        error={errors.password?.message}
        hint={caps ? "Включён Caps Lock: буквы будут заглавными." : undefined}
      >
        <PasswordInput
          autoComplete="current-password"
          enterKeyHint="go"
          onCapsLock={setCaps}
          {...register("password")}
        />
      </Field>
      {refused && <Failure error={login.error} />}
      <Button
        type="submit"
        look={pause.left > 0 ? "secondary" : "primary"}
        busy={login.isPending}
        disabled={pause.left > 0}
      >
        {pause.left > 0 ? `Повторить можно через ${countdown(pause.left)}` : "Войти"}
      </Button>
    </form>
  );
}
