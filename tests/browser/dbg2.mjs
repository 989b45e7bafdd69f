import { launch, visit, state } from "./browser.mjs";
const browser = await launch();
for (const spec of process.argv.slice(2)) {
  const [name, link, w, h, wait, locale, act] = spec.split("|");
  const { page, faults } = await visit(browser, { viewport: { width: +w, height: +h }, ...(locale ? { locale } : {}) });
  await page.goto(process.env.GP_URL + "#" + link);
  await page.waitForTimeout(+wait);
  if (act) { await page.evaluate(act); await page.waitForTimeout(1500); }
  await page.screenshot({ path: `/root/shots/${name}.png`, fullPage: true });
  console.log(name, JSON.stringify((await state(page)).step), faults);
  await page.context().close();
}
await browser.close();
