package io.rolehost.runtime.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rolehost.api.RoleContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StandbyProcessTest {

  @TempDir Path folder;

  /** Says when it is built. */
  public static final class Built extends Roles.Plain {
    /** Builds it. */
    public Built() {
      Roles.say("built");
    }

    @Override
    public boolean onStart(RoleContext context) throws Exception {
      Roles.say("start #" + context.instance().incarnation());
      return super.onStart(context);
    }
  }

  @Test
  void spare_besideTheLiveOne_touchesNothing_andTakesOverWhenPromoted() throws Exception {
    try (HostProcess live = host().start();
        HostProcess spare = spare().start()) {
      live.awaitReady();
      spare.awaitOutput("Stands by for test_IN_0");
      assertEquals(List.of("built"), spare.events());
      assertEquals("" + live.pid(), read("run/test_IN_0.lock"));
      assertEquals("" + spare.pid(), read("run/test_IN_0.standby.pid"));
      assertEquals(1, filesIn("log"));
      int port = Integer.parseInt(read("run/test_IN_0.standby.port"));
      assertEquals(503, ask(port, "/readyz").statusCode());
      assertEquals(200, ask(port, "/livez").statusCode());
      assertEquals(200, ask(port, "/startupz").statusCode());
      assertTrue(ask(port, "/status").body().contains("\"state\":\"STANDBY\""));

      live.signal("KILL");
      assertEquals(137, live.exitCode());
      spare.stdin().write("promote\n".getBytes(UTF_8));
      spare.stdin().flush();
      spare.awaitReady().awaitEvent("run");

      assertEquals(port, spare.port());
      assertEquals(List.of("built", "start #2", "onStart", "run"), spare.events());
      assertEquals("" + spare.pid(), read("run/test_IN_0.lock"));
      assertEquals("" + spare.pid(), read("run/test_IN_0.pid"));
      assertFalse(Files.exists(folder.resolve("state/run/test_IN_0.standby.pid")));
      spare.signal("TERM");
      assertEquals(0, spare.exitCode());
      assertTrue(spare.events().contains("onStop SIGNAL"));
      assertTrue(read("journal/test_IN_0.jsonl").contains("start #2, by a hot spare"));
    }
  }

  @Test
  void spare_terminated_endsAtOnceWithoutOnStop() {
    try (HostProcess spare = spare().start()) {
      spare.awaitOutput("Stands by");
      spare.signal("TERM");
      assertEquals(0, spare.exitCode());
      assertEquals(List.of("built"), spare.events());
    }
  }

  @Test
  void spare_withoutItsNode_isGone() throws Exception {
    try (HostProcess spare = spare().start()) {
      spare.awaitOutput("Stands by");
      spare.stdin().close();
      assertEquals(83, spare.exitCode());
      assertEquals(List.of("built"), spare.events());
    }
  }

  @Test
  void spare_whileFrozen_loadsNothing() {
    try (HostProcess spare = spare().variable("ROLEHOST_FREEZE", "true").start()) {
      assertEquals(75, spare.exitCode());
      assertEquals(List.of(), spare.events());
      assertTrue(spare.output().contains("No spare is made while frozen"), spare::output);
    }
  }

  @Test
  void spare_promotedUnderAFreeze_isHeldBeforeOnStart() throws Exception {
    try (HostProcess spare = spare().start()) {
      spare.awaitOutput("Stands by");
      Files.writeString(
          folder.resolve("state/freeze.conf"), "freezes = [ { scope = \"*\", reason = late } ]");
      spare.stdin().write("promote\n".getBytes(UTF_8));
      spare.stdin().flush();
      spare.awaitOutput("-> HELD");
      assertEquals(List.of("built"), spare.events());
      spare.signal("TERM");
      assertEquals(0, spare.exitCode());
    }
  }

  @Test
  void spare_whoseConfigurationChanged_givesWayToAColdStart() throws Exception {
    HostProcess.Command command = spare().file("colour = red");
    try (HostProcess spare = command.start()) {
      spare.awaitOutput("Stands by");
      Files.writeString(command.configFile(), "colour = blue");
      spare.stdin().write("promote\n".getBytes(UTF_8));
      spare.stdin().flush();
      assertEquals(86, spare.exitCode());
      assertEquals(List.of("built"), spare.events());
    }
  }

  private static HttpResponse<String> ask(int port, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private HostProcess.Command host() {
    return HostProcess.of(Built.class, folder).childOfNode();
  }

  private HostProcess.Command spare() {
    return host().variable("ROLEHOST_STANDBY", "1");
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve("state").resolve(file)).strip();
  }

  private long filesIn(String directory) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("state").resolve(directory))) {
      return files.count();
    }
  }
}
