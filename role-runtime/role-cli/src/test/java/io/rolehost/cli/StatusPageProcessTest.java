package io.rolehost.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An operator with Chromium before a real node, of which one instance crashes again and again. */
@EnabledOnOs(OS.LINUX) // a role is a shell script
final class StatusPageProcessTest {

  @TempDir Path folder;

  private RunningNode start() throws Exception {
    String classPath =
        String.join(
            ",",
            Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> "\"" + entry + "\"")
                .toList());
    Files.writeString(
        folder.resolve("solution.conf"),
        """
        roles {
          web {
            class-path = [%s]
            jvm-options = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
              "-Drolehost.role.class=io.rolehost.cli.Injured"]
          }
          flaky {
            command = [sh, -c, "echo 'the <b>disk</b> is on fire'; exit 7"]
            back-off { initial = 1s, cap = 1s, jitter = 0 }
          }
        }
        rolehost { profile = azure, aot = false, freeze.auto.enabled = false }
        """
            .formatted(classPath));
    return RunningNode.start(folder);
  }

  private String run(String file) throws Exception {
    return Files.readString(folder.resolve(".rolehost/run").resolve(file)).strip();
  }

  @Test
  void operator_withoutAMouse_freezesWhatCrashes_seesItFrozen_andEndsTheFreeze() throws Exception {
    try (RunningNode node = start();
        Browser browser = new Browser(folder.resolve("profile"))) {
      var _ = node.await(0, "flaky_IN_0 ended with 7 ");
      browser.open("http://127.0.0.1:" + run("node.port") + "/");
      // Crashes are seen as they come, and the page is the same one.
      browser.await("document.querySelector('#app').hidden === false");
      browser.value("window.same = true");
      browser.await(
          "Number(document.querySelector('#instances tbody tr:nth-child(2) td:nth-of-type(3)')"
              + ".textContent.slice(1)) >= 3");
      browser.await(
          "document.querySelectorAll('#instances tbody tr:nth-child(2) .crash').length > 0");

      browser.tabTo("a[href='#/flaky_IN_0']");
      browser.press("Enter");
      browser.await("document.activeElement.id === 'instance'");
      browser.await("document.querySelectorAll('svg.timeline:not(.strip) rect').length > 2");
      browser.await("document.querySelectorAll('#starts tbody tr').length > 1");
      browser.tabTo(".head button");
      browser.press("Enter");
      browser.tabTo("#field-reason");
      browser.type("INC-7 <script>window.harmed=1</script>");
      browser.tabTo("#field-by");
      browser.type("anna");
      browser.tabTo("#field-token");
      browser.type("wrong");
      String told = browser.value("document.querySelector('#what').textContent").toString();
      assertTrue(told.startsWith("1 instance (flaky_IN_0) will be frozen until "), told);
      browser.press("Enter");
      browser.await(
          "document.querySelector('dialog .problem').textContent.includes('is no token of this"
              + " node')");
      assertEquals("field-token", browser.value("document.activeElement.id"));
      browser.type(run("node.token"));
      browser.press("Enter");
      browser.await("document.querySelector('#say').textContent.startsWith('Frozen: instance:')");
      browser.await("document.querySelector('#instance').textContent.includes('frozen')");
      browser.await(
          "/^[0-9:]+ left$/.test(document.querySelector('#freezes [data-head=Left]')"
              + ".textContent)");
      String freezes = browser.value("document.querySelector('#freezes').innerText").toString();
      assertTrue(freezes.contains("INC-7 <script>window.harmed=1</script>\tanna"), freezes);

      browser.tabTo("#freezes button");
      browser.press("Enter");
      browser.await(
          "document.querySelector('dialog #what').textContent.includes('goes on at once')");
      browser.tabTo("dialog .primary");
      browser.press("Enter");
      browser.await("document.querySelector('#say').textContent === 'Unfrozen.'");
      browser.await("document.querySelector('#freezes tbody tr') === null");
      browser.await("!document.querySelector('#instance').textContent.includes('frozen')");

      browser.tabTo("#logs summary");
      browser.press("Enter");
      browser.await(
          "document.querySelector('#log').textContent.includes('the <b>disk</b> is on fire')");
      browser.click("[aria-label^='Incident of start']:not([hidden])");
      browser.await("document.querySelector('dialog pre')?.textContent.includes('flaky_IN_0')");
      browser.press("Escape");
      assertEquals(true, browser.value("window.same === true && window.harmed === undefined"));
      assertEquals("", browser.value("location.search"));
      assertEquals(
          List.of(),
          browser.complaints().stream().filter(line -> !line.contains("status of 401")).toList());
    }
  }

  @Test
  void instanceOfANode_isRestarted_andItsOwnPageShowsTheNewStart() throws Exception {
    try (RunningNode node = start();
        Browser browser = new Browser(folder.resolve("profile"))) {
      var _ = node.await(0, "web_IN_0 ready ");
      browser.open("http://127.0.0.1:" + run("node.port") + "/#/web_IN_0");
      browser.await("document.querySelector('#instance')?.textContent === 'web_IN_0 ready'");
      browser.click(".head button:nth-of-type(2)");
      browser.await(
          "document.querySelector('#what')?.textContent.includes('Then start #2 begins')");
      browser.value("document.querySelector('#field-token').focus()");
      browser.type(run("node.token"));
      browser.press("Enter");
      browser.await("document.querySelector('#say').textContent.includes('asked to restart')");
      var _ = node.await(0, "web_IN_0 .*start #2");
      browser.await("document.querySelector('#starts tbody th')?.textContent === '#2'");
      browser.await("document.querySelector('#instance').textContent === 'web_IN_0 ready'");
      assertEquals(List.of(), browser.complaints());

      browser.open("http://127.0.0.1:" + run("web_IN_0.port") + "/");
      browser.await("document.title === 'ready: web_IN_0'");
      browser.await("document.querySelector('#starts tbody th')?.textContent === '#2'");
      browser.await("document.querySelector('#why').textContent.includes('started because')");
      assertEquals(List.of(), browser.complaints());
    }
  }
}
