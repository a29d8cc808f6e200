package io.rolehost.runtime.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those who look from outside for long: a balancer, and a reader of events over restarts. */
final class ObserversProcessTest {

  private static final Pattern AGENT = Pattern.compile("agent-check on port (\\d+)");

  @TempDir Path folder;

  @Test
  void agentCheck_followsTheState() {
    HostProcess.Command command =
        HostProcess.of(Roles.Stopping.class, folder)
            .file("rolehost.freeze.enabled = true")
            .set("rolehost.management.agent-check-port", "0")
            .set("rolehost.stop.grace", "3 s")
            .set("test.stop", "hang");
    try (HostProcess host = command.start()) {
      host.awaitState("HELD");
      Matcher told = AGENT.matcher(host.output());
      assertTrue(told.find(), host.output());
      int port = Integer.parseInt(told.group(1));
      assertEquals("maint\n", agentLine(port));
      HostProcess.Command _ = command.file("rolehost.freeze.enabled = false");
      host.awaitReady();
      assertEquals("up ready 100%\n", agentLine(port));
      host.signal("TERM").awaitEvent("onStop SIGNAL");
      assertEquals("drain\n", agentLine(port));
      assertEquals(84, host.exitCode(), host.output());
    }
  }

  private static String agentLine(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void events_resumedAfterARestart_goOnWhereTheyEnded() throws IOException {
    HostProcess.Command command = HostProcess.of(Roles.Plain.class, folder);
    List<Long> first;
    try (HostProcess host = command.start()) {
      host.awaitReady();
      first = sequencesUntilReady(host, 0, 1);
      assertEquals(LongStream.rangeClosed(1, first.size()).boxed().toList(), first);
      assertEquals(137, host.signal("KILL").exitCode());
    }
    try (HostProcess host = command.start()) {
      host.awaitReady();
      List<Long> second = sequencesUntilReady(host, first.getLast(), 2);
      assertEquals(
          LongStream.rangeClosed(first.getLast() + 1, second.getLast()).boxed().toList(), second);
      assertEquals(0, host.signal("TERM").exitCode());
    }
  }

  /** Reads the stream from after {@code last} to the event that says READY. */
  private static List<Long> sequencesUntilReady(HostProcess host, long last, long incarnation)
      throws IOException {
    List<Long> sequences = new ArrayList<>();
    URLConnection stream =
        URI.create("http://127.0.0.1:" + host.port() + "/events").toURL().openConnection();
    stream.setRequestProperty("Last-Event-ID", "" + last);
    stream.setReadTimeout((int) HostProcess.PATIENCE.toMillis());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          sequences.add(Long.parseLong(line.substring("id: ".length())));
        } else if (line.startsWith("data: ")
            && line.contains("\"to\":\"READY\"")
            && line.contains("\"incarnation\":" + incarnation)) {
          return sequences;
        }
      }
    }
    throw new AssertionError("the stream ended after " + sequences);
  }
}
