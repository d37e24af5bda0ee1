/** Time zones of Russia, from west to east. */
const ZONES: readonly { zone: string; name: string }[] = [
  { zone: "Europe/Kaliningrad", name: "Калининград (МСК−1)" },
  { zone: "Europe/Moscow", name: "Москва (МСК)" },
  { zone: "Europe/Samara", name: "Самара (МСК+1)" },
  { zone: "Asia/Yekaterinburg", name: "Екатеринбург (МСК+2)" },
  { zone: "Asia/Omsk", name: "Омск (МСК+3)" },
  { zone: "Asia/Novosibirsk", name: "Новосибирск (МСК+4)" },
  { zone: "Asia/Krasnoyarsk", name: "Красноярск (МСК+4)" },
  { zone: "Asia/Irkutsk", name: "Иркутск (МСК+5)" },
  { zone: "Asia/Yakutsk", name: "Якутск (МСК+6)" },
  { zone: "Asia/Vladivostok", name: "Владивосток (МСК+7)" },
  { zone: "Asia/Magadan", name: "Магадан (МСК+8)" },
  { zone: "Asia/Kamchatka", name: "Камчатка (МСК+9)" },
];

/** Includes the chosen zone even if it is not listed. */
export function zonesWith(chosen: string | null): readonly { zone: string; name: string }[] {
  if (chosen === null || ZONES.some(({ zone }) => zone === chosen)) return ZONES;
  return [...ZONES, { zone: chosen, name: chosen }];
}
