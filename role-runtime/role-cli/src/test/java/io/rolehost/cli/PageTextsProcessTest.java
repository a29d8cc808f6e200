package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.runtime.management.ManagementPlane;
import io.rolehost.runtime.management.ManagementTokens;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status page in Chromium, served by a node whose every text is hostile. */
final class PageTextsProcessTest {

  /**
   * When there was something to see, and a screen of instances in it: the frame that has them is
   * painted by the time the next one begins.
   */
  private static final String PAINT =
      """
      (() => {
        const first = performance.getEntriesByName('first-contentful-paint')[0].startTime;
        const whole = frames.findIndex(([, rows]) => rows >= 40);
        return Math.max(first, (frames[whole + 1] ?? frames[whole])[0]);
      })()
      """;

  @TempDir private static Path folder = Path.of("");
  private static Browser browser;

  // Each test starts it first.
  @SuppressWarnings("NullAway.Init")
  private ManagementPlane plane;

  @BeforeAll
  static void startBrowser() throws Exception {
    browser = new Browser(folder.resolve("profile"));
  }

  @AfterAll
  static void endBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void stop() throws Exception {
    browser.open("about:blank");
    plane.close();
    browser.forget();
  }

  private FakeFleet open(int size, String text, String hash) throws Exception {
    FakeFleet fleet = new FakeFleet(size, text);
    plane = FakeFleet.plane(fleet);
    browser.open("http://127.0.0.1:" + plane.port() + "/" + hash);
    browser.await("document.querySelector('#app')?.hidden === false");
    browser.await("document.querySelector('#link').dataset.up === 'true'");
    return fleet;
  }

  private String seen() throws Exception {
    return browser.value("document.documentElement.textContent + document.title").toString();
  }

  @Test
  void everyString_thatIsMarkup_isShownAndNeverRun() throws Exception {
    FakeFleet fleet = open(7, FakeFleet.HOSTILE, "");
    for (String shown :
        List.of("default", "because of ", "deploys ", "INC-7 ", "anna", "role:", "the first ")) {
      assertTrue(seen().contains(shown + FakeFleet.HOSTILE), shown + " in\n" + seen());
    }
    browser.click("#instances tbody tr:nth-child(4) a");
    browser.await("document.querySelector('#instance').textContent.includes('_IN_3')");
    browser.await("document.querySelectorAll('#starts tbody tr').length === 2");
    for (String shown :
        List.of(
            "It is so: ",
            "IllegalStateException: ",
            "images/resize",
            "RUNNING",
            "IOException: ",
            "down ",
            "refused ",
            "a problem ",
            "a notice ",
            "the journal ",
            "photos",
            "nightly",
            "by ",
            "the broker ",
            "crashed: ",
            "key",
            "http ",
            "reason: ",
            "output: ")) {
      assertTrue(seen().contains(shown + FakeFleet.HOSTILE), shown + " in\n" + seen());
    }
    browser.click("[aria-label^='Dead letters of']");
    browser.await("document.querySelector('dialog pre').textContent.includes('after 5 attempts')");
    assertTrue(seen().contains("after 5 attempts: " + FakeFleet.HOSTILE), seen());
    browser.press("Escape");
    browser.click("#token");
    browser.type("the-token");
    browser.press("Enter");
    browser.await("document.querySelector('#say').textContent === 'The token is right.'");
    browser.click("#logs summary");
    browser.await("document.querySelector('#log').textContent.includes('a line ')");
    assertTrue(seen().contains("a line " + FakeFleet.HOSTILE), seen());
    browser.click("[aria-label='Incident of start #6']");
    browser.await("document.querySelector('dialog pre')?.textContent.includes('the incident')");
    assertTrue(seen().contains("the incident " + FakeFleet.HOSTILE), seen());
    browser.press("Escape");
    browser.click(".head button");
    browser.await("document.querySelector('dialog #field-reason') !== null");
    browser.value("document.querySelector('#field-reason').value = 'x'");
    browser.click("dialog .primary");
    browser.await("document.querySelector('dialog .problem').textContent !== ''");
    assertTrue(seen().contains("no such scope " + FakeFleet.HOSTILE), seen());
    browser.press("Escape");
    browser.click("[aria-label^='Restart task']");
    browser.click("dialog .primary");
    browser.await("document.querySelector('#say').textContent.startsWith('done ')");
    assertTrue(seen().contains("done " + FakeFleet.HOSTILE), seen());
    assertTrue(
        fleet.calls.stream()
            .anyMatch(call ->
                call.startsWith("POST /task?name=images/resize%3C")
                    || call.startsWith("POST /task?name=images%2Fresize%3C")),
        fleet.calls.toString());
    assertEquals(true, browser.value("window.harmed === undefined"));
    assertEquals(true, browser.value("document.querySelector('main img, main script') === null"));
    // The plane refused the freeze, as the test wants it: the browser's note of that is no defect.
    assertEquals(
        List.of(),
        browser.complaints().stream().filter(line -> !line.contains("status of 400")).toList());
  }

  @Test
  void page_withAReadToken_tellsNothingWithoutIt_asksForIt_andForABetterOneToAct()
      throws Exception {
    FakeFleet fleet = new FakeFleet(3, "");
    plane =
        FakeFleet.plane(
            fleet, new ManagementTokens(Optional.of("r3ad"), Optional.of("op3rate"), "the-token"));
    String address = "http://127.0.0.1:" + plane.port() + "/";
    browser.open(address);
    browser.await("document.querySelector('dialog #field-token') !== null");
    assertFalse(seen().contains("role1"), seen());
    assertEquals("Rolehost", browser.value("document.title"));
    browser.type("wrong");
    browser.press("Enter");
    browser.await(
        "document.querySelector('dialog .problem').textContent.includes('no token of this')");
    assertEquals(true, browser.value("document.querySelector('#app').hidden"));
    browser.type("r3ad");
    browser.press("Enter");
    browser.await("document.querySelector('dialog') === null");
    browser.await("document.querySelectorAll('#instances tbody tr').length === 3");
    browser.await("document.querySelector('#link').dataset.up === 'true'");
    assertTrue(
        browser.text().contains("The token is right. It lets you look, not act."), browser.text());
    fleet.happen(1, "the disk is full");
    browser.await("document.querySelector('#instances').textContent.includes('disk is full')");

    // Too little to act: the dialog says so and takes another one.
    browser.click("#instances tbody tr:nth-child(2) a");
    browser.click("[aria-label^='Restart task']");
    browser.await("document.querySelector('dialog .primary') !== null");
    assertEquals(
        false, browser.value("document.querySelector('#field-token')?.offsetParent != null"));
    browser.click("dialog .primary");
    browser.await(
        "document.querySelector('dialog .problem').textContent.includes('gives \\'read\\'')");
    assertEquals("field-token", browser.value("document.activeElement.id"));
    browser.type("wrong");
    browser.press("Enter");
    browser.await(
        "document.querySelector('dialog .problem').textContent.includes('no token of this')");
    fleet.happen(1, "still read");
    browser.await("document.body.textContent.includes('still read')");
    browser.type("op3rate");
    browser.press("Enter");
    browser.await("document.querySelector('#say').textContent.startsWith('done ')");
    assertEquals(address + "#/role1_IN_1", browser.value("location.href"));

    // Forgotten: nothing of what was seen stays.
    browser.click("#token");
    browser.await("document.title === 'Rolehost' && document.querySelector('dialog') !== null");
    assertFalse(seen().contains("still read"), seen());
    assertEquals(
        List.of(),
        browser.complaints().stream()
            .filter(line -> !line.contains("status of 401") && !line.contains("status of 403"))
            .toList());
  }

  @Test
  void deadLetters_redriven_areAskedForOnce_andToldHowMany() throws Exception {
    FakeFleet fleet = open(3, "", "#/role1_IN_1");
    browser.click("[aria-label^='Redrive']");
    browser.await(
        "document.querySelector('#what')?.textContent.includes('3 dead letters of photos')");
    assertEquals(List.of(), fleet.calls.stream().filter(call -> call.contains("redrive")).toList());
    browser.value("document.querySelector('#field-by').value = 'anna'");
    browser.value("document.querySelector('#field-token').focus()");
    browser.type("the-token");
    browser.press("Enter");
    browser.await(
        "document.querySelector('#say').textContent === '3 dead letters of photos sent back.'");
    assertEquals(
        List.of("POST /operations/jobs?do=redrive&queue=photos&all=true&by=anna of role1_IN_1"),
        fleet.calls.stream().filter(call -> call.contains("redrive")).toList());
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void page_withoutScripts_isATableOfAllInstances() throws Exception {
    plane = FakeFleet.plane(new FakeFleet(3, ""));
    browser.withoutScripts(true);
    try {
      browser.open("http://127.0.0.1:" + plane.port() + "/");
      browser.await("document.querySelectorAll('#summary tbody tr').length === 3");
      String text = browser.text();
      assertTrue(text.contains("role1_IN_1\tready"), text);
      assertTrue(text.contains("it loads itself every 5 s"), text);
      assertEquals(true, browser.value("document.querySelector('#app').hidden"));
      assertEquals(
          "5", browser.value("document.querySelector('meta[http-equiv=refresh]').content"));
    } finally {
      browser.withoutScripts(false);
    }
  }

  @Test
  void page_inBothColoursAndThreeWidths_hasNothingThatAxeCallsSerious_andNoSidewaysScroll()
      throws Exception {
    String axe;
    try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
      axe = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    FakeFleet _ = open(12, "", "");
    browser.value(axe + ";true");
    String pictures = System.getProperty("page.pictures", "");
    for (String view : List.of("fleet", "instance", "dialog")) {
      if (view.equals("instance")) {
        browser.click("#instances tbody tr:nth-child(4) a");
        browser.await("document.querySelectorAll('#starts tbody tr').length === 2");
        browser.await("document.querySelector('[aria-label^=\"Redrive\"]')?.offsetParent != null");
      } else if (view.equals("dialog")) {
        browser.click(".head button");
        browser.await("document.querySelector('dialog') !== null");
      }
      for (boolean dark : List.of(false, true)) {
        for (int width : List.of(360, 768, 1280)) {
          browser.look(width, dark);
          if (!pictures.isEmpty()) {
            browser.picture(
                Files.createDirectories(Path.of(pictures))
                    .resolve(view + "-" + width + (dark ? "-dark" : "") + ".png"));
          }
          assertEquals(
              "",
              browser.value(
                  "document.documentElement.scrollWidth > "
                      + width
                      + " ? 'scrolls sideways at "
                      + width
                      + "' : ''"));
        }
        assertEquals(
            "",
            browser.value(
                "axe.run(document, {resultTypes: ['violations']}).then(found =>"
                    + " found.violations.filter(one => ['serious',"
                    + " 'critical'].includes(one.impact)).map(one => one.id + ' ' +"
                    + " one.nodes.map(node => node.target + ' ' + node.failureSummary).join(' |"
                    + " ')).join('\\n'))"),
            view + (dark ? " dark" : " light"));
      }
    }
    assertEquals(List.of(), browser.complaints());
  }

  @Test
  void events_ofTwoHundredInstances_areShownAtOnce() throws Exception {
    FakeFleet fleet = open(200, "", "");
    browser.await("document.querySelector('#link').dataset.up === 'true'");
    fleet.happen(7, "the disk is full");
    browser.await(
        "document.querySelector('#instances tbody tr:nth-child(8) .why').textContent === 'the disk"
            + " is full'");
    assertEquals(200.0, number("document.querySelectorAll('#instances tbody tr').length"));
    assertEquals(List.of(), browser.complaints());
  }

  /** Figures for docs/benchmarks.md. */
  @Test
  @Tag("long")
  void page_ofTwoHundredInstances_isPaintedInTime_andAnEventComesInTime() throws Exception {
    FakeFleet fleet = open(200, "", "");
    double[] paints = new double[15];
    double[] follows = new double[paints.length];
    double[] events = new double[40];
    String address = "http://127.0.0.1:" + plane.port() + "/";
    // How many rows there were at each frame.
    browser.first(
        "window.frames = []; requestAnimationFrame(function look() {"
            + " frames.push([performance.now(), document.querySelectorAll('tbody tr').length]); if"
            + " (!document.querySelector('#instances')) requestAnimationFrame(look); })");
    for (int i = 0; i < paints.length; i++) {
      browser.open("about:blank");
      browser.open(address);
      browser.await("performance.getEntriesByName('first-contentful-paint').length === 1");
      browser.await("frames.length > 0 && document.querySelector('#app').hidden === false");
      paints[i] = number(PAINT);
      follows[i] = number("frames.at(-1)[0]");
    }
    browser.await("document.querySelector('#link').dataset.up === 'true'");
    browser.await("document.querySelector('#app').hidden === false");
    browser.value(
        "window.seen = new Map(); new MutationObserver(() => requestAnimationFrame(() => {"
            + " const text = document.querySelector('#instances tbody tr:nth-child(4)"
            + " .why').textContent; if (!seen.has(text)) seen.set(text, Date.now()); }))"
            + ".observe(document.querySelector('#instances'), {subtree: true, childList: true,"
            + " characterData: true}); true");
    for (int i = 0; i < events.length; i++) {
      long at = System.currentTimeMillis();
      fleet.happen(3, "change " + i);
      browser.await("seen.has('change " + i + "')");
      events[i] = number("seen.get('change " + i + "')") - at;
    }
    java.util.Arrays.sort(paints);
    java.util.Arrays.sort(follows);
    java.util.Arrays.sort(events);
    System.out.printf(
        "page of 200 instances: first paint median %.0f ms, worst %.0f ms; followed by scripts"
            + " median %.0f ms, worst %.0f ms; event to the screen median %.0f ms, worst %.0f ms%n",
        paints[paints.length / 2],
        paints[paints.length - 1],
        follows[follows.length / 2],
        follows[follows.length - 1],
        events[events.length / 2],
        events[events.length - 1]);
    assertTrue(paints[paints.length / 2] < 2_000, "a machine that is loaded is slower, but not so");
    assertTrue(events[events.length / 2] < 2_000, "a machine that is loaded is slower, but not so");
    assertFalse(paints[0] <= 0);
  }

  private double number(String script) throws Exception {
    return ((Number) browser.value(script)).doubleValue();
  }
}
